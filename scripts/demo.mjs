// npm run demo: everything, with a sandbox instead of Microsoft. npm run demo -- --help says what it takes.
// npm run dev: the same with Next.js in development mode, and data of its own.
import { existsSync, writeFileSync } from "node:fs";
import { ensurePackages } from "./install.mjs";
import { SUPERVISOR } from "./processes.mjs";
import { startUntilSignal } from "./stop-on-signal.mjs";
import { exitWith, printLine, table } from "./terminal.mjs";

const EMAIL = "admin@example.com";
const PREFERRED_PORT = 3000;
const isDevelopment = process.argv.includes("--development");
const DATA_FOLDER = `${process.env.POSTKEY_DATA ?? "var"}/${isDevelopment ? "dev" : "demo"}`;
const LOG = `${DATA_FOLDER}/log`;
const HELP = `
npm run demo                the whole product with a sandbox instead of Microsoft; Ctrl-C stops it
npm run demo -- --reset     starts over, without the data of before
npm run demo -- --help      this text

PORT=4000                   the port of the web (${PREFERRED_PORT}, or any that is free)
POSTKEY_DATA=/tmp/second    where its data is kept, in the folder demo (var)
POSTKEY_API_PORT=4001       the port of the API (any that is free)
POSTKEY_DEVICE_LISTENERS=…  where devices connect, as in docs/devices.md
`;
let hasLog = false;

const OPTIONS = ["--reset", "--help", "--development"];
const [unknown] = process.argv.slice(2).filter((word) => !OPTIONS.includes(word));
if (unknown !== undefined || process.argv.includes("--help")) {
  if (unknown !== undefined) console.error(`\nThere is no option ${unknown}.`);
  console.log(HELP);
  process.exit(unknown === undefined ? 0 : 1);
}

try {
  console.log("\nPostkey, with a sandbox instead of Microsoft\n");
  await ensurePackages();
  await demo();
} catch (error) {
  if (hasLog) console.error(`\nWhat the processes said is in ${LOG}.`);
  exitWith(error);
}

/** The processes write JSON lines, which are for a file; what happens to the processes is for people. */
function log(name, line, { isError = false } = {}) {
  if (isDevelopment) console.log(`  ${name}: ${line}`);
  else if (name === SUPERVISOR) printLine(name, line, { isError });
  // Of this start alone; the folder is ours by the first line.
  writeFileSync(LOG, `${name}: ${line}\n`, { flag: hasLog ? "a" : "w", mode: 0o600 });
  hasLog = true;
}

async function demo() {
  // Only now: these need the packages.
  const { randomBytes } = await import("node:crypto");
  const { freeDeviceListeners, freePort } = await import("./ports.mjs");
  const { keptSecret } = await import("./installation.mjs");
  const { serve } = await import("./serve.mjs");
  const { bundle, generateClient } = await import("./build.mjs");
  if (isDevelopment) await generateClient().then(() => bundle());

  const dataFolder = DATA_FOLDER;
  const reset = process.argv.includes("--reset");
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
  const options = { ...at, dataFolder, sandbox: true, onLine: log };
  const running = await startUntilSignal((stopping) =>
    serve({ ...options, reset, environment, stopping }),
  );

  sayWhere(running, { url, isFirstTime });
  sayWhatToEnter(running.sandbox);
  console.log("\nCtrl-C stops everything. npm run demo -- --reset starts over.\n");
}

function sayWhere(running, { url, isFirstTime }) {
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
    ["Log", LOG],
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
