import { startServer } from "@/lib/http/server";
import { startTokenListener } from "@/lib/keeper/token-listener";

/**
 * A web without Next.js, which takes a build of minutes: what the product's web does at its start, and
 * one operation with everything that stands before it. Called as `node web-program.mjs PORT`.
 */
startServer();
await startTokenListener(Number(process.argv[2]));
process.once("SIGTERM", () => setTimeout(() => process.exit(143), 500));
process.stdout.write("web started\n");
