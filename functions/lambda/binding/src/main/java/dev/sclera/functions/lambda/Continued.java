package dev.sclera.functions.lambda;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What is answered where the time was not enough: all that could be saved is saved, and the same request goes on.
 *
 * @param state {@code CONTINUE}
 * @param function the function's name
 * @param request what to ask it again
 * @param detail how far it is, for people
 */
record Continued(String state, String function, JsonNode request, String detail) {

    Continued(String function, JsonNode request, String detail) {
        this("CONTINUE", function, request, detail);
    }
}
