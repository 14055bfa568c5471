import { afterAll, beforeAll } from "vitest";
import { startGateway } from "@/lib/gateway/server";

/** The process for programs, on a free port of this machine, for the tests of a file. */
export function withGateway(): { port: number } {
  const gateway = { port: 0 };
  let stop: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const started = await startGateway({ host: "127.0.0.1", port: 0 });
    gateway.port = started.port;
    stop = started.stop;
  });
  afterAll(() => stop?.());
  return gateway;
}
