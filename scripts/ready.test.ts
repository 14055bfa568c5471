import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { waitUntilServing } from "./installation.mjs";
import { freePort, requireFreePort } from "./ports.mjs";

const host = "127.0.0.1";
const children: ChildProcess[] = [];
const servers: ReturnType<typeof createServer>[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Another installation: it can serve, and tells every caller. */
async function otherWeb(): Promise<number> {
  const server = createServer((_request, response) => response.end('{"status":"ok"}'));
  servers.push(server);
  await once(server.listen(0, host), "listening");
  // A TCP server has a port.
  return (server.address() as AddressInfo).port;
}

function start(code: string) {
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "ignore", "pipe"] });
  children.push(child);
  return child;
}

const env = { ...process.env, POSTKEY_START_ID: "ours" };

/** Answers as the web does: see lib/kernel/supervisor.ts. */
const web = (port: number) => `require("node:http").createServer((request, response) => {
  const asked = request.headers["x-postkey-start"];
  if (asked === "ours") response.setHeader("x-postkey-start", asked);
  response.end();
}).listen(${port}, "${host}")`;

test.each([host, "0.0.0.0"])("a start on %s is ready when its own web answers", async (on) => {
  const port = await freePort();
  const ready = waitUntilServing({ child: start(web(port)), env, host: on, port });
  await expect(ready).resolves.toBeUndefined();
});

test("what another installation answers on the port does not make it ready", async () => {
  const port = await otherWeb();
  const child = start("setInterval(() => {}, 1000)");
  const waiting = waitUntilServing({ child, env, host, port, deadlineMs: 200 });
  await expect(waiting).rejects.toThrow(/did not answer within/);
});

test("a web that ends is a start that failed, before its time is over and with what it said", async () => {
  const port = await otherWeb();
  const waiting = waitUntilServing({ child: start(web(port)), env, host, port });
  await expect(waiting).rejects.toThrow(/^The web ended \(1\)\. Error: listen EADDRINUSE.*$/);
});

test("a port that is in use is refused in one line that says what to do", async () => {
  const port = await otherWeb();
  await expect(requireFreePort({ host, port })).rejects.toThrow(
    `Port ${port} on ${host} is in use by another program. Stop it, or set PORT to another port.`,
  );
  await requireFreePort({ host, port: await freePort() });
});
