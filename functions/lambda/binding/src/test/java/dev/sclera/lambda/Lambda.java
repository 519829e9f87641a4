package dev.sclera.lambda;

import static io.restassured.RestAssured.given;

import io.restassured.parsing.Parser;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Quarkus' event server, which stands for Lambda: what it is sent, it has the function do, and answers what that says.
 */
public final class Lambda {

    private Lambda() {}

    /** Invokes a function. */
    public static ValidatableResponse invoke(String function, String payload) {
        System.setProperty("quarkus.funqy.export", function);
        String api = ConfigProvider.getConfig().getValue("quarkus-internal.aws-lambda.test-api", String.class);
        return given().contentType("application/json")
                .body(payload.replace('\'', '"'))
                .post("http://" + api.substring(0, api.indexOf('/')))
                .then()
                // of a handler of streams the server does not know what it writes
                .parser("application/x-www-form-urlencoded", Parser.JSON);
    }

    /** An invocation as AWS makes it, with what only a run knows filled in. */
    public static String recorded(String name, Map<String, String> known) {
        try (InputStream resource = Lambda.class.getResourceAsStream("/invocations/" + name + ".json")) {
            String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> one : known.entrySet()) {
                text = text.replace("${" + one.getKey() + "}", one.getValue());
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
