package dev.sclera.functions.lambda;

import dev.sclera.problem.Problem;
import dev.sclera.store.JsonFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a function URL or an HTTP API makes an HTTP answer of, payload format 2.0.
 *
 * @param statusCode 200; 202 where the request is to be sent again, and then goes on; that of the problem otherwise
 * @param headers the media type
 * @param body JSON
 * @param isBase64Encoded never
 */
record HttpAnswer(int statusCode, Map<String, String> headers, String body, boolean isBase64Encoded) {

    static HttpAnswer of(@Nullable Object result) {
        if (result instanceof Problem problem) {
            return of(problem.status(), Problem.MEDIA_TYPE, problem);
        }
        return of(result instanceof Continued ? 202 : 200, "application/json", result == null ? Map.of() : result);
    }

    private static HttpAnswer of(int status, String type, Object body) {
        return new HttpAnswer(status, Map.of("Content-Type", type), JsonFormat.line(body), false);
    }
}
