import { execFile } from "node:child_process";
import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { TestCertificate } from "./test-certificate";

const run = promisify(execFile);

export const POSTFIX_MASTER = "/usr/lib/postfix/sbin/master";

export type PostfixOptions = {
  dir: string;
  ports: { submission: number; submissions: number };
  certificate: TestCertificate;
  domains: readonly string[];
};

/** Lays out Postfix's queue and writes its files; returns the configuration folder. */
export async function writePostfixConfig(options: PostfixOptions): Promise<string> {
  const { dir } = options;
  await layOutQueue(dir);
  const folder = path.join(dir, "postfix");
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "main.cf"), mainCf(options));
  await writeFile(path.join(folder, "master.cf"), masterCf(options));
  return folder;
}

const QUEUES = [
  "active",
  "bounce",
  "corrupt",
  "defer",
  "deferred",
  "flush",
  "hold",
  "incoming",
  "private",
  "saved",
  "trace",
];

// By hand, because `postfix check` waits two seconds for a log daemon that is not there yet.
export async function layOutQueue(dir: string): Promise<void> {
  const owner = await numericId("passwd", "postfix");
  const dropGroup = await numericId("group", "postdrop");
  const queue = path.join(dir, "queue");
  await mkdir(path.join(queue, "pid"), { recursive: true });
  for (const name of QUEUES) {
    await mkdir(path.join(queue, name), { recursive: true, mode: 0o700 });
    await chown(path.join(queue, name), owner, 0);
  }
  for (const [name, mode] of [
    ["maildrop", 0o730],
    ["public", 0o710],
  ] as const) {
    await mkdir(path.join(queue, name), { recursive: true });
    await chown(path.join(queue, name), owner, dropGroup);
    await chmod(path.join(queue, name), mode);
  }
  await mkdir(path.join(dir, "data"), { recursive: true, mode: 0o700 });
  await chown(path.join(dir, "data"), owner, 0);
}

async function numericId(database: "passwd" | "group", name: string): Promise<number> {
  const { stdout } = await run("getent", [database, name]);
  return Number(stdout.split(":")[2]);
}

// Everything is delivered to Dovecot, so that nothing leaves the machine. The default line limit
// of 2048 cuts "AUTH XOAUTH2 <token>" off.
function mainCf({ dir, certificate, domains }: PostfixOptions): string {
  return `compatibility_level = 3.6
queue_directory = ${dir}/queue
data_directory = ${dir}/data
maillog_file = ${dir}/postfix.log
maillog_file_prefixes = ${dir}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
alias_maps =
alias_database =
virtual_mailbox_domains = ${domains.join(" ")}
virtual_transport = lmtp:unix:private/dovecot-lmtp
default_transport = lmtp:unix:private/dovecot-lmtp
relay_transport = lmtp:unix:private/dovecot-lmtp
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_auth_enable = yes
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = ${certificate.certFile}
smtpd_tls_key_file = ${certificate.keyFile}
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
line_length_limit = 12288
`;
}

function masterCf({ ports }: PostfixOptions): string {
  return `127.0.0.1:${ports.submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
127.0.0.1:${ports.submissions} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
