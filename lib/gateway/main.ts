import { beginAnswering } from "@/lib/http/answering";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { stopOnSignal } from "@/lib/kernel/stop-on-signal";
import { endInTime, stopWithSupervisor } from "@/lib/kernel/supervisor";
import { startDeviceListeners } from "./devices/listeners";
import { startGateway } from "./server";

/**
 * The gateway: the API for programs, apart from the web, at the speed of node:http, and the mail protocols for
 * devices. Any number may run. Called as
 * `node --conditions=react-server .build/gateway.mjs HOST PORT`.
 */
async function main([host = "127.0.0.1", port = "0"]: string[]): Promise<void> {
  const stopWith = stopOnSignal();
  // Uncaught errors: node would print everything attached to the error. The supervisor starts a new process.
  process.once("uncaughtException", (error) => {
    log.fatal({ error }, "gateway ends: uncaught error");
    process.exit(1);
  });
  const endAnswering = beginAnswering("gateway");
  const gateway = await startGateway({ host, port: Number(port) });
  const starting = startDeviceListeners(env().deviceListeners);
  stopWith(async (exitCode) => {
    endInTime();
    await Promise.all([gateway.stop(), starting.then((devices) => devices.stop())]);
    // Last: answers that were under way are uses as well.
    await endAnswering();
    process.exit(exitCode);
  });
  await starting;
  stopWithSupervisor(() => process.kill(process.pid, "SIGTERM"));
  log.info({ host, port: gateway.port }, "gateway started");
}

await main(process.argv.slice(2));
