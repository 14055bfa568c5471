import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { listenOnLoopback } from "@/e2e/sandbox/listen";
import { freePort, freePorts } from "./ports.mjs";

const PORTS = pathToFileURL("scripts/ports.mjs").href;

/** What another process finds when it looks at the same moment. */
async function foundByAnother(call: string): Promise<number[]> {
  const code = `import { freePort, freePorts } from ${JSON.stringify(PORTS)}; console.log(JSON.stringify(await ${call}))`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code]);
  const [said] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return JSON.parse(said);
}

test("two processes that look for the same known port at once do not both get it", async () => {
  const wanted = await freePort();
  const [port] = await foundByAnother(`Promise.all([freePort(${wanted})])`);
  expect(port).not.toBe(wanted);
});

test("ports found at once, by several processes, are all different", async () => {
  const found = await Promise.all([freePorts(200), foundByAnother("freePorts(200)")]);
  expect(new Set(found.flat()).size).toBe(400);
});

test("a known port that is in use gives another", async () => {
  const { port, close } = await listenOnLoopback(createServer);
  expect(await freePort(port)).not.toBe(port);
  await close();
});

const RANGE = "/proc/sys/net/ipv4/ip_local_port_range";
const [first = 0, last = 0] = existsSync(RANGE)
  ? readFileSync(RANGE, "utf8").trim().split(/\s+/).map(Number)
  : [];

// Where an operator gave outgoing connections more ports, what keeps others away is all there is.
test.runIf(first >= 32_768)("no port found can be taken by an outgoing connection", async () => {
  for (const port of await freePorts(200)) expect(port >= first && port <= last).toBe(false);
});
