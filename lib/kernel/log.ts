import pino from "pino";

const options: pino.LoggerOptions = {
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
};

/** Callers pass named fields, never rows; `redact` is a second net. Synchronous: a process that ends loses no lines. */
export const log = pino(options, pino.destination({ fd: 1, sync: true }));

type SerializedError = { name: string; message: string; stack?: string; cause?: SerializedError };

/** Other properties may carry requests with secrets. */
function serializeError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error)) return serializeOther(error);
  const serialized: SerializedError = { name: error.name, message: error.message.slice(0, 512) };
  if (depth === 0 && error.stack) serialized.stack = error.stack.slice(0, 4_096);
  if (error.cause !== undefined && depth < 3)
    serialized.cause = serializeError(error.cause, depth + 1);
  return serialized;
}

/** A library may pass on a copy that is no Error. */
function serializeOther(thrown: unknown): SerializedError {
  if (typeof thrown !== "object" || thrown === null)
    return { name: typeof thrown, message: String(thrown).slice(0, 512) };
  const { name, message, stack } = thrown as Record<string, unknown>; // any object may be read so
  return {
    name: typeof name === "string" ? name : "object",
    message:
      typeof message === "string"
        ? message.slice(0, 512)
        : `an object with ${Object.keys(thrown).join(", ") || "nothing"}`.slice(0, 512),
    ...(typeof stack === "string" && { stack: stack.slice(0, 4_096) }),
  };
}
