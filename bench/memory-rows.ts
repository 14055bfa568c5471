import { setTimeout as sleep } from "node:timers/promises";
import type { InstallationSettings } from "@/e2e/installation";
import { elapsed } from "@/lib/kernel/clock";
import { commands } from "../scripts/installation.mjs";
import { freePort } from "../scripts/ports.mjs";
import {
  ADMINISTRATOR,
  createDatabase,
  createGroup,
  type Database,
  environmentOf,
  type Web,
} from "./installation";
import { openBrowser } from "./pages/browser";
import { familyOf, memoryOf } from "./process-usage";
import { type Sandbox, startSandbox } from "./sandbox-process";
import { atMost } from "./short-run";
import { type Row, row } from "./table";

const TARGET_MB = 500;
const JOURNEY_S = 5;
const SECOND_MS = 1_000;
const MB = 1_024 * 1_024;
const IDLE_MS = atMost(20_000, 1_000);
const MAILBOX = "alice@contoso.test";
const CALLBACK = "/api/cloudProviders/oauth2/microsoft/callback";

/**
 * What web, gateway, keeper and database hold once the demonstration's flow was walked and all is quiet, and how
 * long its main part takes.
 */
export async function measureMemory(database: Database): Promise<Row[]> {
  const group = createGroup();
  try {
    const databaseUrl = await createDatabase(database, "demo");
    const port = await freePort();
    const sandbox = await startSandbox(group, `http://localhost:${port}${CALLBACK}`);
    const extra = { POSTKEY_CLOUDS_FILE: sandbox.cloudFile, POSTKEY_CA_FILE: sandbox.caFile };
    const web = await group.web(databaseUrl, { port, extra });
    const gateway = await group.gateway(databaseUrl, { beside: web, extra });
    const env = environmentOf(databaseUrl, web.url, extra);
    const { pid: keeper } = group.start({ name: "keeper", args: commands.keeper(), env });
    if (keeper === undefined) throw new Error("The keeper did not start.");
    const journeyS = await walkTheFlow(web, sandbox);
    await sleep(IDLE_MS);
    const sum = (pids: number[]) => pids.map(memoryOf).reduce((a, b) => a + b, 0) / MB;
    const parts = {
      web: sum([web.pid]),
      gateway: sum([gateway.pid]),
      keeper: sum([keeper]),
      database: sum(familyOf(database.pid)),
    };
    const total = parts.web + parts.gateway + parts.keeper + parts.database;
    const text = Object.entries(parts).map(
      ([name, megabytes]) => `${name} ${Math.round(megabytes)}`,
    );
    return [
      row(
        "memory, idle after the demo's flow (PSS)",
        `${Math.round(total)} MB (${text.join(", ")})`,
        {
          text: `<= ${TARGET_MB} MB`,
          isReached: total <= TARGET_MB,
        },
      ),
      journeyRow(journeyS),
    ];
  } finally {
    await group.stop();
  }
}

function journeyRow(seconds: number): Row {
  return row("Authenticate to a green test of three protocols", `${seconds.toFixed(1)} s`, {
    text: `<= ${JOURNEY_S} s`,
    isReached: seconds <= JOURNEY_S,
  });
}

/**
 * The steps of the end-to-end tests: provider, account, sign-in, connection test.
 * @returns seconds from the press on Authenticate to the green test
 */
async function walkTheFlow({ url, pid }: Web, sandbox: Sandbox): Promise<number> {
  const { password } = ADMINISTRATOR;
  const settings: InstallationSettings = {
    ...sandbox,
    url,
    webPid: pid,
    password,
    databaseUrl: url,
    webEnvironment: {},
    apiUrl: url,
    deviceListeners: "",
  };
  process.env.E2E_SETTINGS = JSON.stringify([settings]);
  // It reads the settings when it is loaded.
  const steps = await import("@/e2e/installation");
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ baseURL: url });
    await steps.signIn(page);
    await steps.addProvider(page, "Contoso");
    const account = { name: "Support", key: "SUP", address: MAILBOX, provider: "Contoso" };
    await steps.addAccount(page, account);
    await page.goto("/settings/cloud-providers");
    await page.getByRole("button", { name: "Actions for Contoso" }).click();
    const startedAt = elapsed();
    await page.getByRole("menuitem", { name: "Authenticate" }).click();
    await steps.signInAtSandbox(page, MAILBOX);
    await page.getByRole("link", { name: "Support" }).first().click();
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByText("IMAP, SMTP and POP3 work.").first().waitFor();
    return (elapsed() - startedAt) / SECOND_MS;
  } finally {
    await browser.close();
  }
}
