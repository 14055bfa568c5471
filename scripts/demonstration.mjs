import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { freeDeviceListeners, freePort } from "./ports.mjs";
import { SUPERVISOR } from "./processes.mjs";
import { startUntilSignal } from "./stop-on-signal.mjs";
import { printLine, table } from "./terminal.mjs";

const EMAIL = "admin@example.com";
export const PREFERRED_PORT = 3000;

/**
 * The whole product with a sandbox instead of Microsoft, until a signal ends it; prints what to enter.
 * @param {{ isDevelopment?: boolean, reset?: boolean, build?: (() => Promise<void>) | undefined }} [options]
 *   `reset` starts over, without the data of before; `build` as of `serve`
 */
export async function demonstrate({ isDevelopment = false, reset = false, build } = {}) {
  const folder = `${process.env.POSTKEY_DATA ?? "var"}/${isDevelopment ? "dev" : "demo"}`;
  const log = logTo(`${folder}/log`, isDevelopment);
  const options = { isDevelopment, reset, build, onLine: log.onLine };
  try {
    const { running, url, isFirstTime } = await demonstrateIn(folder, options);
    sayWhere(running, { url, isFirstTime, log: log.file });
    sayWhatToEnter(running.sandbox);
  } catch (error) {
    if (log.hasLines()) console.error(`\nWhat the processes said is in ${log.file}.`);
    throw error;
  }
}

/** The processes write JSON lines, which are for a file; what happens to the processes is for people. */
function logTo(file, isDevelopment) {
  let hasLines = false;
  const onLine = (name, line, { isError = false } = {}) => {
    if (isDevelopment) console.log(`  ${name}: ${line}`);
    else if (name === SUPERVISOR) printLine(name, line, { isError });
    // Of this start alone; the folder is ours by the first line.
    writeFileSync(file, `${name}: ${line}\n`, { flag: hasLines ? "a" : "w", mode: 0o600 });
    hasLines = true;
  };
  return { file, onLine, hasLines: () => hasLines };
}

async function demonstrateIn(dataFolder, { isDevelopment, reset, build, onLine }) {
  // Only now: these need the packages.
  const { keptSecret } = await import("./installation.mjs");
  const { serve } = await import("./serve.mjs");
  const port = await freePort(Number(process.env.PORT ?? PREFERRED_PORT));
  tellOtherPort("PORT", port);
  const url = `http://localhost:${port}`;
  const apiPort = await freePort(Number(process.env.POSTKEY_API_PORT || 0));
  tellOtherPort("POSTKEY_API_PORT", apiPort);
  const isFirstTime = reset || !existsSync(`${dataFolder}/password`);
  const newPassword = () => randomBytes(15).toString("base64url");
  // Behind the build: another one may have begun meanwhile.
  const environment = async () => ({
    POSTKEY_DEVICE_LISTENERS: process.env.POSTKEY_DEVICE_LISTENERS ?? (await freeDeviceListeners()),
    ...(isDevelopment && { NODE_ENV: "development" }),
    DEMO_EMAIL: EMAIL,
    DEMO_PASSWORD: keptSecret(`${dataFolder}/password`, newPassword),
  });
  const mode = isDevelopment ? "development" : "production";
  const at = { url, mode, host: "127.0.0.1", port, apiPort };
  const options = { ...at, dataFolder, sandbox: true, reset, build, environment, onLine };
  const running = await startUntilSignal((stopping) => serve({ ...options, stopping }));
  return { running, url, isFirstTime };
}

function sayWhere(running, { url, isFirstTime, log }) {
  console.log("\nReady. Sign in here:\n");
  table([
    ["Address", url],
    ["Email", EMAIL],
    [
      "Password",
      `${running.env.DEMO_PASSWORD}${isFirstTime ? "" : "  (or the one you chose since)"}`,
    ],
    ["API", running.apiUrl],
    [
      "Devices",
      running.env.POSTKEY_DEVICE_LISTENERS.replaceAll("://127.0.0.1:", " ").replaceAll(",", ", "),
    ],
    ["Log", log],
  ]);
}

function sayWhatToEnter(sandbox) {
  const { registration, governmentRegistration, google } = sandbox;
  const { controlUrl, mailboxes, passwordMail, company } = sandbox;
  console.log("\nEnter these under Settings → Cloud Providers → + (cloud: Sandbox):\n");
  table([
    ["Application Id", registration.clientId],
    ["Tenant Id", registration.tenantId],
    ["Client Secret", registration.clientSecret],
  ]);
  console.log("\nFor GCC High (cloud: Sandbox GCC High) and Google (service: Google):\n");
  table([
    ["Application Id", governmentRegistration.clientId],
    ["Tenant Id", governmentRegistration.tenantId],
    ["Client Secret", governmentRegistration.clientSecret],
    ["Google client", google.clientId],
    ["Google secret", google.clientSecret],
  ]);
  console.log(
    "\nFor a company sign-in (Settings → Company sign-in; provider: Any OpenID provider):\n",
  );
  table([
    ["Issuer", company.issuer],
    ["Client ID", company.clientId],
    ["Client secret", company.clientSecret],
    ["Groups", "postkey-admins, postkey-operators, everyone"],
  ]);
  console.log("\nMailboxes, and the page where you switch faults on:\n");
  table([
    ...mailboxes
      .filter(({ kind }) => kind !== "password" && kind !== "none")
      .map(({ address, kind }) => [kind, address]),
    ["password only", `${passwordMail.address} / ${passwordMail.password}`],
    ["sandbox", controlUrl],
  ]);
}

/** A browser that is opened at the wanted port would show something else. */
function tellOtherPort(variable, port) {
  const wanted = process.env[variable];
  if (wanted && Number(wanted) !== port)
    console.log(`  ${variable}: port ${wanted} is in use, so ${port} is used instead.`);
}
