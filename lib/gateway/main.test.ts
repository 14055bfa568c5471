import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { withPrograms } from "@/e2e/faults/programs";
import { listenOnLoopback } from "@/e2e/sandbox/listen";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { keyFor } from "@/lib/testing/api";
import { withInstallation } from "@/lib/testing/sandbox";
import { shared } from "@/lib/testing/shared";
import { withAccount } from "@/lib/testing/sign-in";

const sandbox = withInstallation();
const programs = withPrograms("gateway");
const account = withAccount(administrator(), sandbox);
const headers = shared(async () => ({
  authorization: `Bearer ${await keyFor(["tokens:read", "accounts:test", "events:read"])}`,
}));

test("a gateway that is told to stop ends its streams, answers what is asked, and writes down every use", async () => {
  sandbox().faults.set("mail_hang");
  const { child, port } = await programs.start("gateway");
  const url = `http://127.0.0.1:${port}/api`;
  const events = await fetch(`${url}/events`, { headers });
  const tested = `${url}/emailAccounts/${account.emailAccountId}/connectionTest`;
  const stages = await fetch(tested, { method: "POST", headers });
  const [toldEvents, toldStages] = [events.text(), stages.text()];
  const ended = once(child, "exit");
  let answered = 0;
  const asking = (async () => {
    // Over one connection, as a program asks that never pauses.
    for (;;) {
      const response = await fetch(`${url}/emailAccounts/${account.emailAccountId}/accessToken`, {
        headers,
      }).catch(() => null);
      if (response === null) return;
      expect(response.status).toBe(200);
      await response.text();
      answered += 1;
    }
  })();
  await expect.poll(() => answered, { timeout: 10_000 }).toBeGreaterThan(20);
  child.kill("SIGTERM");
  expect(await ended).toEqual([143, null]);
  await asking;
  expect(await toldEvents).toMatch(/^retry: /);
  expect((await toldStages).endsWith("\n")).toBe(true);
  const uses = await db().auditEvent.findMany({ where: { action: "api_key.use" } });
  const counts = uses.map(({ detail }) => Object(detail));
  const tokens = counts.filter(({ operation }) => operation === "getAccessToken");
  const written = tokens.reduce((sum, { count }) => sum + count, 0);
  // The answer to a request that meets the end of its connection can be lost on its way.
  expect([answered, answered + 1]).toContain(written);
});

test("a gateway without a key that opens the database answers, and says that it is locked", async () => {
  const wrong = { POSTKEY_KEY: Buffer.alloc(32, 7).toString("base64") };
  const { port } = await programs.start("gateway", { env: wrong });
  const url = `http://127.0.0.1:${port}/api`;
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: "ok" });
  const token = await fetch(`${url}/emailAccounts/${account.emailAccountId}/accessToken`, {
    headers,
  });
  expect(token.status).toBe(423);
});

test("an uncaught error ends a gateway, and is logged without what hangs on it", async () => {
  const secret = "a key that hangs on an error";
  const hook = `process.on("SIGUSR2", () => setTimeout(() => {
    throw Object.assign(new Error("thrown in a callback"), { request: "${secret}" });
  }))`;
  const nodeArgs = [`--import=data:text/javascript,${encodeURIComponent(hook)}`];
  const { child, lines } = await programs.start("gateway", { nodeArgs });
  const ended = once(child, "exit");
  child.kill("SIGUSR2");
  expect(await ended).toEqual([1, null]);
  expect(lines.find((line) => line.includes("uncaught error"))).toContain("thrown in a callback");
  expect(lines.join("\n")).not.toContain(secret);
});

test("a gateway that is told to stop while it starts ends at once", async () => {
  const hook = `import { Server } from "node:net";
    const { listen } = Server.prototype;
    Server.prototype.listen = function (...args) {
      console.log("about to listen");
      setTimeout(() => listen.apply(this, args), 60_000);
      return this;
    };`;
  const nodeArgs = [`--import=data:text/javascript,${encodeURIComponent(hook)}`];
  const args = programs.argsOf("gateway", "127.0.0.1", "0");
  const child = programs.launch([...nodeArgs, ...args]);
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  await expect.poll(() => said, { timeout: 10_000 }).toContain("about to listen");
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  expect(await ended).toEqual([143, null]);
});

test("a gateway whose port for devices is taken ends with a line of its log", async () => {
  const { port, close } = await listenOnLoopback(createServer);
  const env = { POSTKEY_DEVICE_LISTENERS: `smtp://127.0.0.1:${port}` };
  const { lines, ended } = await programs.start("gateway", { env });
  expect(await ended).toEqual([1, null]);
  await expect.poll(() => lines.at(-1)).toMatch(/^{.*listen EADDRINUSE.*"gateway ends: .*}$/);
  expect(lines.filter((line) => !line.startsWith("{"))).toEqual([]);
  await close();
});
