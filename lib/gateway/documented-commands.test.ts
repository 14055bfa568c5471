import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { KEY_PERMISSIONS, type KeyPermission } from "@/lib/programs/schema";
import { administrator } from "@/lib/testing/actors";
import { keyFor } from "@/lib/testing/api";
import { withGateway } from "@/lib/testing/gateway";
import { seedProvider } from "@/lib/testing/outage";
import { withInstallation } from "@/lib/testing/sandbox";
import { shared } from "@/lib/testing/shared";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

// The programs in docs/clients that read and send are run by e2e/servers/documented-clients.long.test.ts.

const sandbox = withInstallation();
const gateway = withGateway();
const run = promisify(execFile);
const env = shared(async () => {
  const { emailAccountId: ID } = await connectedAccount(administrator(), sandbox());
  return { KEY: await keyFor(Object.keys(KEY_PERMISSIONS) as KeyPermission[]), ID };
});

/** The commands of docs/api.md that call the API, without the answers that are shown as comments. */
const commands = [...readFileSync("docs/api.md", "utf8").matchAll(/^```sh\n(curl [^`]*)```/gm)]
  .map(([, block = ""]) => block.replaceAll(/^#.*\n/gm, ""))
  .filter((command) => command.includes("/api/"));

async function runCommand(command: string): Promise<string> {
  const here = command.replaceAll(
    "https://postkey.example.com",
    `http://127.0.0.1:${gateway.port}`,
  );
  expect(here).not.toBe(command);
  const args = ["-c", here.replaceAll("curl ", "curl -sS --fail-with-body ")];
  const { stdout } = await run("/bin/sh", args, {
    env: { ...process.env, ...env },
    timeout: 20_000,
  });
  return stdout;
}

test("the documented commands work as they are shown", async () => {
  expect(commands).toHaveLength(2);
  const [token = "", patch = ""] = commands;
  expect(JSON.parse(await runCommand(token))).toMatchObject({
    token_type: "Bearer",
    expires_in: expect.any(Number),
    username: ALICE,
    users: { imap: ALICE, smtp: ALICE, pop3: ALICE },
    hosts: { imap: { host: expect.any(String) } },
  });
  const description = "Orders, by the shop";
  expect(JSON.parse(await runCommand(patch))).toMatchObject({ id: env.ID, description });
  const account = await db().emailAccount.findUnique({ where: { id: env.ID } });
  expect(account).toMatchObject({ description });
});

test("the program that changes many accounts does it part by part, says how far it is, and can be started again", async () => {
  const cloudProviderId = await seedProvider({ accounts: 1_100, name: "Many" });
  const change = async () => {
    const { stdout } = await run(process.execPath, ["docs/clients/change-many.mjs"], {
      env: {
        ...process.env,
        POSTKEY_URL: `http://127.0.0.1:${gateway.port}`,
        POSTKEY_API_KEY: env.KEY,
        FILTERS: `cloudProviderId=${cloudProviderId}&testSchedule=daily`,
        CHANGE: '{"set":"testSchedule","to":"hourly"}',
      },
      timeout: 60_000,
    });
    return stdout.split("\n").filter(Boolean);
  };
  const rest = "0 were so already, 0 no longer exist, 0 refused";
  expect(await change()).toEqual([
    `1000 of 1100: 1000 changed, ${rest}`,
    `1100 of 1100: 100 changed, ${rest}`,
  ]);
  const where = { cloudProviderId, testSchedule: "hourly" };
  expect(await db().emailAccount.count({ where })).toBe(1_100);
  expect(await change()).toEqual([]);
});
