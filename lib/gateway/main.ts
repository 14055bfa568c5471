import { beginAnswering } from "@/lib/http/answering";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { stopOnSignal } from "@/lib/kernel/stop-on-signal";
import { endInTime, stopWithSupervisor } from "@/lib/kernel/supervisor";
import { startDeviceListeners } from "./devices/listeners";
import { startGateway } from "./server";

/** The API for programs on node:http, and mail protocols for devices; any number may run. */
async function main([host = "127.0.0.1", port = "0"]: string[]): Promise<void> {
  const stopWith = stopOnSignal();
  // Node would print everything attached to the error. The supervisor restarts it.
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
    // Last: requests under way are uses too.
    await endAnswering();
    process.exit(exitCode);
  });
  await starting;
  stopWithSupervisor(() => process.kill(process.pid, "SIGTERM"));
  log.info({ host, port: gateway.port }, "gateway started");
}

await main(process.argv.slice(2));
