import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "@playwright/test";
import type { InstallationSettings } from "@/e2e/installation";
import { untilReady } from "@/e2e/ready";
import config from "@/playwright.config";
import { ADMINISTRATOR, type Bench, freeAddress } from "../bench";
import { type Figure, figure, inWords } from "../figures";
import { familyOf, inFull, memoryMb } from "../rounds";

const IDLE_MS = inFull(20_000, 1_000);
const MAILBOX = "alice@contoso.test";

/** What all processes hold once the demonstration's flow was walked and all is quiet; and how long its main part takes. */
export async function measureMemory(bench: Bench): Promise<Figure[]> {
  const url = await freeAddress();
  const sandbox = await bench.sandbox(url);
  const site = await bench.install("demo", { url, extra: sandbox.environment });
  const [web, gateway, keeper] = [await site.web(), await site.gateway(), site.keeper()];
  const { password } = ADMINISTRATOR;
  const unused = { databaseUrl: url, webEnvironment: {}, apiUrl: url, deviceListeners: "" };
  const settings: InstallationSettings = { ...sandbox, ...unused, url, webPid: web.pid, password };
  const seconds = await walkTheFlow(bench, settings);
  await sleep(IDLE_MS);
  const database = familyOf(bench.database.pid);
  const processes = { web: [web.pid], gateway: [gateway.pid], keeper: [keeper], database };
  const parts = Object.entries(processes).map(([name, pids]) => ({
    name,
    mb: pids.map(memoryMb).reduce((a, b) => a + b, 0),
  }));
  const total = parts.reduce((sum, { mb }) => sum + mb, 0);
  const each = parts.map(({ name, mb }) => `${name} ${inWords(mb, "")}`).join(", ");
  return [
    figure("memory, idle after the demo's flow (PSS)", total, "<= 420 MB", each),
    figure("Authenticate to a green test of three protocols", seconds, "<= 5 s"),
  ];
}

/**
 * The steps of the end-to-end tests: provider, account, sign-in, connection test.
 * @returns seconds from the press on Authenticate to the green test
 */
async function walkTheFlow(bench: Bench, settings: InstallationSettings): Promise<number> {
  process.env.E2E_SETTINGS = JSON.stringify([settings]);
  // It reads the settings when it is loaded.
  const steps = await import("@/e2e/installation");
  const forms = await import("@/e2e/forms");
  const browser = await chromium.launch(config.use?.launchOptions);
  bench.defer(() => browser.close());
  const page = await browser.newPage({ baseURL: settings.url });
  await steps.signIn(page);
  await forms.fillInProvider(page, "Contoso");
  const account = { name: "Support", key: "SUP", address: MAILBOX, provider: "Contoso" };
  await forms.fillInAccount(page, account);
  await page.goto("/settings/cloud-providers");
  await page.getByRole("button", { name: "Actions for Contoso" }).click();
  const startedAt = performance.now();
  await page.getByRole("menuitem", { name: "Authenticate" }).click();
  await steps.signInAtSandbox(page, MAILBOX);
  await page.getByRole("link", { name: "Support" }).first().click();
  await untilReady(page);
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByText("IMAP, SMTP and POP3 work.").first().waitFor();
  const seconds = (performance.now() - startedAt) / 1_000;
  await browser.close();
  return seconds;
}
