import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { step } from "./terminal.mjs";

/** Debian's packages that the tests need beside npm's. */
const NEEDED = [
  "chromium fonts-liberation",
  // Takes half the processor time of the other, and has no windows.
  "chromium-headless-shell",
  "dovecot-core dovecot-imapd dovecot-pop3d dovecot-lmtpd",
  "postfix openssl",
  // What the documented clients are written in.
  "curl jq php-cli php-curl python3 swaks libnet-ssleay-perl",
];

const NEEDED_LONG = [
  // What the pages of docs/software are run with.
  "fetchmail getmail6 isync msmtp mutt thunderbird",
  "libmail-java libphp-phpmailer default-jdk-headless prometheus-alertmanager",
  "request-tracker5 rt5-db-sqlite rt5-standalone roundcube-core roundcube-sqlite3",
  // What the tests in deploy/ build and run images with, and put before them.
  "buildah docker-compose kustomize mmdebstrap podman runc",
  "caddy haproxy nginx-light pgbouncer prometheus",
];

const BINS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** The Chromium of the browser tests, looked for when asked, because a run may have installed it. */
export const findChromium = () =>
  [process.env.CHROMIUM_PATH ?? "", ...BINS].find((path) => existsSync(path));

const POLICY = "/usr/sbin/policy-rc.d";

/**
 * Installs what is missing on Debian as root; says what to install everywhere else.
 * @param {boolean} [isLong] for `npm run test:long` too
 * @returns {Promise<string[]>} what is still missing, in words
 */
export async function installSystemPackages(isLong = false) {
  if (process.platform === "darwin") return [MACOS];
  const missing = missingPackages(isLong);
  const isDebianRoot = existsSync("/usr/bin/apt-get") && process.getuid?.() === 0;
  if (missing.length > 0 && isDebianRoot)
    await step(`Installing ${missing.join(", ")}`, () => aptInstall(missing));
  const still = missingPackages(isLong).join(" ");
  return still ? [`For all tests install: sudo apt-get install ${still}`] : [];
}

const MACOS =
  "For all tests install Chromium: npx playwright install chromium, then CHROMIUM_PATH=<its path> npm test. Dovecot and Postfix are tested on Linux only.";

export function missingPackages(isLong) {
  const needed = [...NEEDED, ...(isLong ? NEEDED_LONG : [])].join(" ").split(" ");
  // Without a package of one of these names it fails, and says the others all the same.
  const { stdout } = spawnSync("dpkg", ["--list", ...needed], { encoding: "utf8" });
  const installed = new Set(stdout?.match(/(?<=^ii +)[^ :]+/gm));
  return needed.filter((name) => !installed.has(name));
}

// The servers are started by the tests, with their own configuration: the packages must not start any.
function aptInstall(packages) {
  const isOurs = !existsSync(POLICY);
  if (isOurs) writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    spawnSync("apt-get", ["update"], { env });
    const args = ["install", "-y", "--no-install-recommends", ...packages];
    const { status, stderr } = spawnSync("apt-get", args, { env, encoding: "utf8" });
    if (status !== 0) process.stdout.write(`${stderr}\n`);
  } finally {
    if (isOurs) rmSync(POLICY, { force: true });
  }
}
