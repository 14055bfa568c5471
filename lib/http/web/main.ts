import { readFileSync } from "node:fs";
import next from "next";
import { env } from "@/lib/kernel/env";
import { stopOnSignal } from "@/lib/kernel/stop-on-signal";
import { createGuardedServer, type Handle } from "./guarded-server";
import { drain, listen } from "./listening";
import { sayWhatPasses } from "./passing-failures";

/** `next start` passes on every request as it comes. */
async function main([host = "127.0.0.1", port = "3000"]: string[]): Promise<void> {
  const stopWith = stopOnSignal();
  const { config } = JSON.parse(readFileSync(".next/required-server-files.json", "utf8"));
  // biome-ignore lint/style/noProcessEnv: Next.js looks for them there
  Object.assign(process.env, {
    // Redirects of Server Actions fetch from this address; else from the request's forgeable Host.
    __NEXT_PRIVATE_ORIGIN: `http://${origin(host)}:${port}`,
    // What next.config.mjs came to when it was built: reading it again loads compilers.
    __NEXT_PRIVATE_STANDALONE_CONFIG: JSON.stringify(config),
  });
  const app = next({ dev: false, hostname: host, port: Number(port), quiet: true });
  const handle = app.getRequestHandler();
  const ownOrigin = env().url.origin;
  const serve: Handle = (request, response) => {
    sayWhatPasses(request, response);
    return handle(request, response);
  };
  const server = createGuardedServer(serve, { ownOrigin });
  await app.prepare();
  await listen(server, { host, port: Number(port) });
  stopWith(async (exitCode) => {
    await drain(server);
    await app.close();
    process.exit(exitCode);
  });
}

function origin(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

await main(process.argv.slice(2));
