import type { Instrumentation } from "next";

// Next.js compiles this file for its edge runtime too, where Node's modules do not exist: what needs
// them stands behind these conditions, in a file of its own.

/** Once per server, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startServer } = await import("./lib/http/server");
  startServer();
}

export const onRequestError: Instrumentation.onRequestError = async (error, request) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { logRequestError } = await import("./lib/http/server");
  logRequestError(error, request);
};
