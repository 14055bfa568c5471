import { writeFileSync } from "node:fs";
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
  // Only now: these need the packages.
  const { keptSecret } = await import("./embedded-postgres.mjs");
  const { serve } = await import("./serve.mjs");
  const mode = isDevelopment ? "development" : "production";
  const dataFolder = `${process.env.POSTKEY_DATA ?? "var"}/${isDevelopment ? "dev" : "demo"}`;
  const log = logTo(`${dataFolder}/log`, isDevelopment);
  const port = await portFor("PORT", PREFERRED_PORT);
  const apiPort = await portFor("POSTKEY_API_PORT", 0);
  const url = `http://localhost:${port}`;
  // Behind the build: another one may have begun meanwhile.
  const environment = async () => ({
    POSTKEY_DEVICE_LISTENERS: process.env.POSTKEY_DEVICE_LISTENERS ?? (await freeDeviceListeners()),
    ...(isDevelopment && { NODE_ENV: "development" }),
    DEMO_EMAIL: EMAIL,
    DEMO_PASSWORD: keptSecret(`${dataFolder}/password`),
  });
  const at = { url, mode, host: "127.0.0.1", port, apiPort, dataFolder };
  const options = { ...at, sandbox: true, reset, build, environment, onLine: log.onLine };
  try {
    const running = await startUntilSignal((stopping) => serve({ ...options, stopping }));
    sayWhere(running, { url, log: log.file });
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

function sayWhere({ env, apiUrl }, { url, log }) {
  const devices = env.POSTKEY_DEVICE_LISTENERS.replaceAll("://127.0.0.1:", " ");
  section("Ready. Sign in here", [
    ["Address", url],
    ["Email", EMAIL],
    ["Password", `${env.DEMO_PASSWORD}  (unless you chose another)`],
    ["API", apiUrl],
    ["Devices", devices.replaceAll(",", ", ")],
    ["Log", log],
  ]);
}

function sayWhatToEnter(sandbox) {
  const { registration, google, company, mailboxes, passwordMail, controlUrl } = sandbox;
  section("Enter under Settings → Cloud Providers → + (cloud: Sandbox)", entries(registration));
  section("For an application that signs in by itself, and where its commands are pasted", [
    ...entries(sandbox.serviceRegistration),
    ["PowerShell", new URL("/exchange", controlUrl).href],
  ]);
  section("For GCC High (cloud: Sandbox GCC High) and Google (service: Google)", [
    ...entries(sandbox.governmentRegistration),
    ["Google client", google.clientId],
    ["Google secret", google.clientSecret],
  ]);
  section("For a company sign-in (Settings → Company sign-in; provider: Any OpenID provider)", [
    ["Issuer", company.issuer],
    ["Client ID", company.clientId],
    ["Client secret", company.clientSecret],
    ["Groups", "postkey-admins, postkey-operators, everyone"],
  ]);
  const signedIn = mailboxes.filter(({ kind }) => kind !== "password" && kind !== "none");
  section("Mailboxes, and the page where you switch faults on", [
    ...signedIn.map(({ address, kind }) => [kind, address]),
    ["password only", `${passwordMail.address} / ${passwordMail.password}`],
    ["sandbox", controlUrl],
  ]);
}

function entries({ clientId, tenantId, clientSecret }) {
  return [
    ["Application Id", clientId],
    ["Tenant Id", tenantId],
    ["Client Secret", clientSecret],
  ];
}

function section(title, rows) {
  console.log(`\n${title}:\n`);
  table(rows);
}

/** A browser that is opened at the wanted port would show something else. */
async function portFor(variable, preferred) {
  const wanted = process.env[variable];
  const port = await freePort(Number(wanted || preferred));
  if (wanted && Number(wanted) !== port)
    console.log(`  ${variable}: port ${wanted} is in use, so ${port} is used instead.`);
  return port;
}
