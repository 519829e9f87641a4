package dev.sclera.functions.lambda;

import static java.util.Objects.requireNonNull;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sclera.problem.Problem;
import dev.sclera.problem.ProblemException;
import dev.sclera.progress.WorkInterruptedException;
import dev.sclera.store.JsonFormat;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Lambda calls: finds out who asks for what, has the function do it, and answers as the asker understands it. */
@Singleton
public class LambdaHandler implements RequestStreamHandler {

    private static final Logger LOG = LoggerFactory.getLogger(LambdaHandler.class);

    private final Functions functions;
    private final InvocationDeadline deadline;

    public LambdaHandler(Functions functions, InvocationDeadline deadline) {
        this.functions = requireNonNull(functions, "functions is null");
        this.deadline = requireNonNull(deadline, "deadline is null");
    }

    /** While Lambda still starts the process, which it does with all processors and, for the most part, for nothing. */
    void prepare(@Observes StartupEvent started) {
        if (functions.chosen()) {
            functions.exported().prepare();
        }
    }

    /** @throws ProblemFailure where a function that was called directly or by an event failed */
    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        deadline.begin(context);
        Object answer = answer(input.readAllBytes());
        if (answer != null) {
            output.write(JsonFormat.line(answer).getBytes(StandardCharsets.UTF_8));
        }
    }

    private @Nullable Object answer(byte[] payload) {
        Invocation invocation;
        ExportedFunction function;
        try {
            invocation = Invocation.of(payload);
            function = functions.exported();
        } catch (ProblemException e) {
            throw new ProblemFailure(Problem.of(e));
        }
        if (invocation instanceof Invocation.Http http) {
            return http(function, http);
        }
        if (invocation instanceof Invocation.Queue queue) {
            return queue(function, queue);
        }
        try {
            return call(function, invocation);
        } catch (RuntimeException e) {
            throw new ProblemFailure(problem(e));
        }
    }

    /** Calls a function, once. */
    private static @Nullable Object call(ExportedFunction function, Invocation invocation) {
        JsonNode request;
        if (invocation instanceof Invocation.Event event) {
            request = function.takesEvents() ? event.envelope() : event.detail();
        } else if (invocation instanceof Invocation.Direct direct) {
            request = direct.request();
        } else {
            throw new IllegalArgumentException("one request at a time, not " + invocation);
        }
        try {
            return function.call(request);
        } catch (WorkInterruptedException e) {
            LOG.info("{}", e.getMessage());
            return new Continued(function.name(), request, String.valueOf(e.getMessage()));
        }
    }

    private static HttpAnswer http(ExportedFunction function, Invocation.Http http) {
        if (!http.method().equals("POST")) {
            return HttpAnswer.of(new Problem(
                    "urn:sclera:problem:method",
                    "Method not allowed",
                    405,
                    "Functions are called with POST and a JSON object as the body.",
                    null));
        }
        try {
            JsonNode request = JsonFormat.read(http.body().getBytes(StandardCharsets.UTF_8), JsonNode.class);
            return HttpAnswer.of(call(function, new Invocation.Direct(request)));
        } catch (RuntimeException e) {
            return HttpAnswer.of(problem(e));
        }
    }

    private static BatchAnswer queue(ExportedFunction function, Invocation.Queue queue) {
        List<BatchAnswer.Failure> failures = new ArrayList<>();
        for (Invocation.Message message : queue.messages()) {
            try {
                Invocation invocation = Invocation.of(message.body().getBytes(StandardCharsets.UTF_8));
                if (call(function, invocation) instanceof Continued) {
                    // it comes again, and goes on
                    failures.add(new BatchAnswer.Failure(message.id()));
                }
            } catch (RuntimeException e) {
                LOG.warn("The message {} failed: {}", message.id(), problem(e));
                failures.add(new BatchAnswer.Failure(message.id()));
            }
        }
        return new BatchAnswer(failures);
    }

    private static Problem problem(RuntimeException e) {
        if (e instanceof ProblemException known) {
            return Problem.of(known);
        }
        LOG.error("The function failed", e);
        return Problem.internal(500);
    }
}
