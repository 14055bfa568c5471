import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { keyFor } from "@/lib/testing/api";
import { withDatabase } from "@/lib/testing/database";
import { report } from "@/lib/testing/long";
import { CLIENT, end, FORGED, PROXIES, withProxiedProduct } from "@/lib/testing/proxies";

const UNBUFFERED_WITHIN_MS = 1_000;
const MB = 1_000_000;

withDatabase();
const { start, asked, curl, signIn, write } = withProxiedProduct();

/** How long after a change a page or a program hears of it. */
async function hearingTime(...args: string[]): Promise<number> {
  const child = spawn("curl", asked("/api/events", "--no-buffer", ...args));
  onTestFinished(() => end(child));
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const change = () => createContactList(administrator(), { name: `at ${performance.now()}` });
  // The first ones may come before the process listens.
  await expect.poll(() => change().then(() => text), { interval: 500 }).toContain("data:");
  const startedAt = performance.now();
  const { id } = await change();
  await expect.poll(() => text, { interval: 5 }).toContain(id);
  return performance.now() - startedAt;
}

async function doorOf(...args: string[]): Promise<string> {
  const isGateway = ["--include", "--header", "x-postkey-start: gateway"];
  const said = await curl("/api/health", ...isGateway, ...args);
  return said.includes("x-postkey-start: gateway") ? "gateway" : "web";
}

const NAMES = ["nginx", "caddy", "haproxy"] as const;
describe.each(NAMES)("%s", (name) => {
  const program = PROXIES[name];
  const isThere = existsSync(program);
  if (!isThere) process.stdout.write(`  ${name} is not tested (missing: ${program}).\n`);

  test.runIf(isThere)(
    "streams at once, believes no client, lets imports pass, and sends programs to the gateway",
    async () => {
      const proxy = start(name);
      onTestFinished(() => end(proxy));
      await expect.poll(() => curl("/api/health").catch(String)).toContain('"ok"');

      await db().session.deleteMany();
      await signIn();
      expect(await db().session.findMany({ select: { address: true } })).toEqual([
        { address: CLIENT },
      ]);

      const key = await keyFor(["events:read"], { addresses: [CLIENT] });
      const forged = await keyFor(["events:read"], { addresses: [FORGED] });
      const bearer = (of: string) => ["--header", `Authorization: Bearer ${of}`];
      expect(await doorOf()).toBe("web");
      expect(await doorOf(...bearer(key))).toBe("gateway");
      const status = ["--output", "/dev/null", "--write-out", "%{http_code}", "--max-time", "2"];
      expect(await curl("/api/events", ...status, ...bearer(forged))).toMatch(/^40[13]$/);

      const [web, gateway] = [await hearingTime(), await hearingTime(...bearer(key))];
      const ms = (time: number) => `${Math.round(time)} ms`;
      report(name, { "an event through the web": ms(web), "through the gateway": ms(gateway) });
      expect(Math.max(web, gateway)).toBeLessThan(UNBUFFERED_WITHIN_MS);

      const { id } = await createContactList(administrator(), { name: `through ${name}` });
      const line = (index: number) => `zoe${index}@contacts.test,Zoe,${"x".repeat(400)}\n`;
      const csv = `email,name,other\n${Array.from({ length: 5_000 }, (_, index) => line(index)).join("")}`;
      expect(csv.length).toBeGreaterThan(2 * MB);
      const file = ["--header", "content-type: text/csv", "--data-binary"];
      const path = `/api/contacts/import?contactListId=${id}&dryRun=true`;
      const said = await curl(path, ...file, `@${write("contacts.csv", csv)}`);
      expect(JSON.parse(said)).toMatchObject({ counts: { new: 5_000 } });
    },
    3 * MINUTE_MS,
  );
});
