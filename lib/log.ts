import pino from "pino";

/**
 * JSON lines on standard output. Callers pass named fields of their choice, never rows: what is not
 * named is not written. The list below is the second net.
 */
export const log = pino({
  level: process.env.NODE_ENV === "test" ? "fatal" : "info",
  base: { pid: process.pid },
  redact: {
    paths: [
      "password",
      "clientSecret",
      "accessToken",
      "refreshToken",
      "code",
      "state",
      "*.password",
      "*.clientSecret",
      "*.accessToken",
      "*.refreshToken",
    ],
    censor: "[redacted]",
  },
  serializers: { error: serializeError },
});

type SerializedError = { name: string; message: string; stack?: string; cause?: SerializedError };

/** Name, message and stack: an error's other properties may carry requests with secrets in them. */
function serializeError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error))
    return { name: typeof error, message: String(error).slice(0, 512) };
  const serialized: SerializedError = { name: error.name, message: error.message.slice(0, 512) };
  if (depth === 0 && error.stack) serialized.stack = error.stack.slice(0, 4_096);
  if (error.cause !== undefined && depth < 3)
    serialized.cause = serializeError(error.cause, depth + 1);
  return serialized;
}
