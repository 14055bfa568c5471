import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import { waitUntilServing } from "./installation.mjs";
import { deviceAddresses, freePort, requireFreePorts } from "./ports.mjs";

const PORTS = pathToFileURL("scripts/ports.mjs").href;
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

const devicePort = (port: number) => deviceAddresses(`smtp://${host}:${port}?from=::1`);

test("a port of the web, or of devices, that is in use is refused in one line that says what to do", async () => {
  const port = await otherWeb();
  const inUse = `Port ${port} on ${host} is in use already. Set`;
  await expect(requireFreePorts([{ host, port }])).rejects.toThrow(
    `${inUse} PORT to another port or address.`,
  );
  const free = await freePort();
  const wanted = [{ host, port: free }, ...devicePort(port)];
  await expect(requireFreePorts(wanted)).rejects.toThrow(`${inUse} POSTKEY_DEVICE_LISTENERS to`);
  const twice = [{ host, port: free }, ...devicePort(free)];
  await expect(requireFreePorts(twice)).rejects.toThrow("is in use already");
  await requireFreePorts([
    { host, port: free },
    ...deviceAddresses(`imaps://[::1]:${free} nothing`),
  ]);
});

// Only root may use them, or everyone.
const RESERVED = "/proc/sys/net/ipv4/ip_unprivileged_port_start";
const isRoot = process.getuid?.() === 0 && readFileSync(RESERVED, "utf8").trim() === "1024";

test.runIf(isRoot)("a port that needs a privilege is refused with the way to it", async () => {
  const call = `requireFreePorts(deviceAddresses("smtp://${host}:587"))`;
  const code = `const { deviceAddresses, requireFreePorts } = await import(${JSON.stringify(PORTS)});
process.setuid(65534); await ${call}`;
  const child = start(code);
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  expect(await once(child, "close")).toEqual([1, null]);
  expect(said).toMatch(
    /Error: Port 587 on 127\.0\.0\.1 needs a privilege.*POSTKEY_DEVICE_LISTENERS/,
  );
});
