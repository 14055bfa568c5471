import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { step } from "./terminal.mjs";

/**
 * What the tests need beside npm's packages, by the file that shows that it is there, and for some by a
 * program of its own that says whether it is complete.
 */
const NEEDED = [
  { file: "/usr/bin/chromium", packages: ["chromium", "fonts-liberation"] },
  // Takes half the processor time of the other, and has no windows.
  { file: "/usr/bin/chromium-headless-shell", packages: ["chromium-headless-shell"] },
  {
    file: "/usr/sbin/dovecot",
    packages: ["dovecot-core", "dovecot-imapd", "dovecot-pop3d", "dovecot-lmtpd"],
  },
  { file: "/usr/sbin/postfix", packages: ["postfix"] },
  { file: "/usr/bin/openssl", packages: ["openssl"] },
  // What the documented clients are written in.
  { file: "/usr/bin/curl", packages: ["curl"] },
  { file: "/usr/bin/swaks", packages: ["swaks", "libnet-ssleay-perl"] },
  { file: "/usr/bin/jq", packages: ["jq"] },
  { file: "/usr/bin/python3", packages: ["python3"] },
  {
    file: "/usr/bin/php",
    proof: ["-r", "exit(extension_loaded('curl') ? 0 : 1);"],
    packages: ["php-cli", "php-curl"],
  },
];

/** What the pages of docs/software are run with, and behind it what the tests in deploy/ build and run images with. */
const NEEDED_LONG = [
  { file: "/usr/bin/fetchmail", packages: ["fetchmail"] },
  { file: "/usr/bin/mbsync", packages: ["isync"] },
  { file: "/usr/bin/msmtp", packages: ["msmtp"] },
  { file: "/usr/bin/getmail", packages: ["getmail6"] },
  { file: "/usr/bin/mutt", packages: ["mutt"] },
  { file: "/usr/bin/thunderbird", packages: ["thunderbird"] },
  { file: "/usr/share/php/libphp-phpmailer", packages: ["libphp-phpmailer"] },
  { file: "/usr/bin/prometheus-alertmanager", packages: ["prometheus-alertmanager"] },
  { file: "/usr/bin/jshell", packages: ["openjdk-21-jdk-headless"] },
  { file: "/usr/share/java/javax.mail.jar", packages: ["libmail-java"] },
  {
    file: "/usr/bin/rt-mailgate",
    packages: ["request-tracker5", "rt5-db-sqlite", "rt5-standalone"],
  },
  { file: "/usr/share/roundcube", packages: ["roundcube-core", "roundcube-sqlite3"] },
  { file: "/usr/bin/buildah", packages: ["buildah"] },
  { file: "/usr/bin/podman", packages: ["podman"] },
  { file: "/usr/sbin/runc", packages: ["runc"] },
  { file: "/usr/bin/mmdebstrap", packages: ["mmdebstrap"] },
  { file: "/usr/bin/docker-compose", packages: ["docker-compose"] },
  { file: "/usr/sbin/pgbouncer", packages: ["pgbouncer"] },
  { file: "/usr/bin/kustomize", packages: ["kustomize"] },
  { file: "/usr/sbin/nginx", packages: ["nginx-light"] },
  { file: "/usr/bin/caddy", packages: ["caddy"] },
  { file: "/usr/sbin/haproxy", packages: ["haproxy"] },
  { file: "/usr/bin/promtool", packages: ["prometheus"] },
];

const POLICY = "/usr/sbin/policy-rc.d";

/**
 * Installs what is missing on Debian as root; says what to install everywhere else.
 * @param {{ isLong?: boolean }} [run]
 * @returns {Promise<string[]>} what is still missing, in words
 */
export async function installSystemPackages({ isLong = false } = {}) {
  const missing = missingPackages(isLong);
  if (missing.length === 0) return [];
  const isDebianRoot = existsSync("/usr/bin/apt-get") && process.getuid?.() === 0;
  if (isDebianRoot) await step(`Installing ${missing.join(", ")}`, () => aptInstall(missing));
  const still = missingPackages(isLong);
  if (still.length === 0) return [];
  return [
    process.platform === "darwin"
      ? "For all tests install Chromium: npx playwright install chromium, then CHROMIUM_PATH=<its path> npm test. Dovecot and Postfix are tested on Linux only."
      : `For all tests install: sudo apt-get install ${still.join(" ")}`,
  ];
}

/** @param {boolean} isLong of `npm run test:long` too */
export function missingPackages(isLong) {
  const needed = isLong ? [...NEEDED, ...NEEDED_LONG] : NEEDED;
  return needed.filter((one) => !isThere(one)).flatMap(({ packages }) => packages);
}

function isThere({ file, proof }) {
  return existsSync(file) && (!proof || spawnSync(file, proof).status === 0);
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
