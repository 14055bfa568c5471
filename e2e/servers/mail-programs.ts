import { execFile, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../scripts/ports.mjs";

// Programs of Debian's packages, each as its documentation has it set up for a server with a password.

const run = promisify(execFile);

const PROGRAMS = ["fetchmail", "mbsync", "msmtp"] as const;

/** Whether the programs are there; `npm run test:long` installs them. */
export const havePrograms = PROGRAMS.every((name) => existsSync(`/usr/bin/${name}`));

const PHP = "/usr/bin/php";
const ROUNDCUBE = "/usr/share/roundcube";
export const hasRoundcube = existsSync(ROUNDCUBE);

export type Login = {
  /** An empty folder for configuration and data. */
  dir: string;
  ports: { imaps: number; smtps: number };
  caFile: string;
  user: string;
  password: string;
};

/** A file that only its owner may read and run. @returns its path */
export function writeOwn(dir: string, name: string, text: string): string {
  const file = join(dir, name);
  writeFileSync(file, text, { mode: 0o700 });
  return file;
}

/** Synchronizes the inbox with the Maildir `maildir/INBOX`, both ways. */
export async function mbsync({ dir, ports, caFile, user, password }: Login): Promise<void> {
  const folder = join(dir, "maildir");
  mkdirSync(folder, { recursive: true });
  const config = `IMAPAccount postkey
Host localhost
Port ${ports.imaps}
User ${user}
Pass ${password}
TLSType IMAPS
CertificateFile ${caFile}

IMAPStore far
Account postkey

MaildirStore near
Inbox ${folder}/INBOX

Channel inbox
Far :far:INBOX
Near :near:INBOX
Create Both
Expunge Both
Sync All
SyncState ${folder}/state
`;
  await run("mbsync", ["-c", writeOwn(dir, "mbsyncrc", config), "-a"], { timeout: 300_000 });
}

/** Sends a message. @throws Error with what the server said */
export async function msmtp(
  { dir, ports, caFile, user, password }: Login,
  { to, message }: { to: string; message: string },
): Promise<void> {
  const config = `account default
host localhost
port ${ports.smtps}
tls on
tls_starttls off
tls_trust_file ${caFile}
auth on
user ${user}
password ${password}
from ${user}
`;
  const args = ["-C", writeOwn(dir, "msmtprc", config), to];
  const sending = run("msmtp", args, { timeout: 60_000 });
  sending.child.stdin?.end(message);
  await sending;
}

/** Hands every message to a delivery agent, and keeps it on the server. @param agent its path */
export async function fetchmail(
  { dir, ports, caFile, user, password }: Login,
  agent: string,
): Promise<void> {
  const config = `poll localhost proto imap port ${ports.imaps} timeout 300
  user "${user}" password "${password}" ssl sslcertck sslcertfile "${caFile}"
  fetchall keep mda "${agent}"
`;
  const args = ["-f", writeOwn(dir, "fetchmailrc", config), "--nosyslog"];
  const env = { ...process.env, FETCHMAILHOME: dir };
  await run("fetchmail", args, { timeout: 300_000, env });
}

/** A Roundcube that serves on this machine. */
export async function startRoundcube({ dir, ports, caFile }: Login) {
  const folder = join(dir, "roundcube");
  mkdirSync(folder);
  const trust = `['ssl' => ['cafile' => '${caFile}']]`;
  copyFileSync("/etc/roundcube/defaults.inc.php", join(folder, "defaults.inc.php"));
  const config = `<?php $config = [
  'db_dsnw' => 'sqlite:///${folder}/db?mode=0600',
  'imap_host' => 'ssl://localhost:${ports.imaps}', 'imap_conn_options' => ${trust},
  'smtp_host' => 'ssl://localhost:${ports.smtps}', 'smtp_conn_options' => ${trust},
  'smtp_user' => '%u', 'smtp_pass' => '%p',
  'trash_mbox' => 'Deleted Items', 'sent_mbox' => 'Sent Items',
  'des_key' => 'twenty-four characters..', 'plugins' => [], 'skin' => 'elastic',
  'language' => 'en_US', 'log_dir' => '${folder}', 'temp_dir' => '${folder}',
];`;
  writeOwn(folder, "config.inc.php", config);
  const schema = `file_get_contents("${ROUNDCUBE}/SQL/sqlite.initial.sql")`;
  await run(PHP, ["-r", `(new PDO("sqlite:${folder}/db"))->exec(${schema});`]);
  const port = await freePort();
  const args = ["-S", `127.0.0.1:${port}`, "-t", "/var/lib/roundcube/public_html"];
  const env = { ...process.env, ROUNDCUBE_CONFIG_DIR: folder };
  const server = spawn(PHP, args, { env, stdio: "ignore" });
  return { url: `http://127.0.0.1:${port}/`, stop: () => void server.kill() };
}
