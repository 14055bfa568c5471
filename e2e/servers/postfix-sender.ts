import { existsSync, readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { freePort } from "../../scripts/ports.mjs";
import { listening } from "./listening";
import { isAvailable, start, stop } from "./mail-servers";
import { layOutQueue, POSTFIX_MASTER } from "./postfix";
import { type Login, textOf } from "./program-setup";

/** A Postfix that hands all mail to one server, with a password, and keeps what is refused for a while. */
export type PostfixSender = {
  /** Where programs of this machine hand in mail, without a password. */
  port: number;
  /** Messages that wait in the queue. */
  waiting(): number;
  close(): Promise<void>;
};

/** `dir`: an empty folder that every user may walk to. */
type Relay = Login & {
  /** So many times as fast as by its own settings it tries again, and gives up. */
  faster: number;
};

/** Whether it can be started here: Postfix logs in with the modules of Cyrus SASL. */
export function canSend(): boolean {
  const folder = "/usr/lib";
  const hasModule = (name: string) => existsSync(path.join(folder, name, "sasl2", "libplain.so"));
  return isAvailable() && readdirSync(folder).some(hasModule);
}

export async function startPostfixSender(relay: Relay): Promise<PostfixSender> {
  const { dir } = relay;
  const port = await freePort();
  await layOutQueue(dir);
  const folder = path.join(dir, "postfix");
  await mkdir(folder, { recursive: true });
  const [main = "", password = ""] = textOf(relay, "Postfix", { protocols: ["smtp"] }).split(
    "\n\n",
  );
  await writeFile(path.join(dir, "password"), password, { mode: 0o600 });
  await writeFile(path.join(folder, "main.cf"), mainCf(relay, main));
  await writeFile(path.join(folder, "master.cf"), masterCf(port));
  const server = start(POSTFIX_MASTER, ["-c", folder, "-s"]);
  await listening(port, 15_000);
  return { port, waiting: () => countQueue(dir), close: () => stop(server) };
}

/**
 * Queue files, in folders by the first characters of their names. A file is moved between "deferred" and "active"
 * while the folders are read one after the other, so "deferred" is read before and after.
 */
function countQueue(dir: string): number {
  const names = ["maildrop", "incoming", "deferred", "active", "deferred"].flatMap((folder) =>
    readdirSync(path.join(dir, "queue", folder), { recursive: true, encoding: "utf8" }),
  );
  const files = names.map((name) => path.basename(name)).filter(({ length }) => length > 5);
  return new Set(files).size;
}

function mainCf({ dir, faster }: Relay, main: string): string {
  const inSeconds = (byDefault: number) => `${Math.max(1, Math.round(byDefault / faster))}s`;
  return `compatibility_level = 3.6
queue_directory = ${dir}/queue
data_directory = ${dir}/data
maillog_file = ${dir}/postfix.log
maillog_file_prefixes = ${dir}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = sender.test
mydestination =
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, reject
mynetworks = 127.0.0.0/8
${main.replace("/etc/postfix/postkey-password", `${dir}/password`)}
smtp_host_lookup = native
smtp_destination_rate_delay = ${inSeconds(2)}
# By default Postfix keeps what is refused at the login for good; others bounce it, and so does this one.
smtp_sasl_auth_soft_bounce = no
queue_run_delay = ${inSeconds(300)}
minimal_backoff_time = ${inSeconds(300)}
maximal_backoff_time = ${inSeconds(4_000)}
maximal_queue_lifetime = ${inSeconds(5 * 86_400)}
bounce_queue_lifetime = ${inSeconds(5 * 86_400)}
`;
}

function masterCf(port: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
