import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { MailEndpoint } from "@/lib/egress/schema";
import { freePorts } from "../../scripts/ports.mjs";
import { writeDovecotConfig } from "./dovecot";
import { listening } from "./listening";
import { POSTFIX_MASTER, writePostfixConfig } from "./postfix";
import { createTestCertificate, type TestCertificate } from "./test-certificate";

export type MailServersOptions = {
  /** An empty folder that every user may walk to (mode 755 on the way), for example in /tmp. */
  dir: string;
  /** The exact `iss` of the access tokens. */
  issuer: string;
  /** The exact `aud` of the access tokens; Dovecot takes one. */
  audience: string;
  /** PEM public keys by `kid`. They are read once. */
  publicKeys: Record<string, string>;
  /** The `azp` values that tokens may carry; a token without one needs none. */
  clientIds?: readonly string[];
  users: readonly string[];
  /** What every user may sign in with instead of a token. */
  password?: string;
  certificate?: TestCertificate;
  /** IMAP connections that are kept open at once, where they are more than a hundred. */
  connections?: number;
};

export type MailServers = {
  imap: MailEndpoint;
  pop3: MailEndpoint;
  smtp: MailEndpoint;
  /** The same servers in the other mode of TLS. */
  other: { imap: MailEndpoint; pop3: MailEndpoint; smtp: MailEndpoint };
  caPem: string;
  close(): Promise<void>;
};

const DOVECOT = "/usr/sbin/dovecot";
const START_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 5_000;

/** Why the servers cannot be started here, in words for the line that counts the skipped tests. */
export function unavailableReason(): string | undefined {
  if (process.platform !== "linux") return "Dovecot and Postfix are started on Linux only";
  if (process.getuid?.() !== 0) return "Dovecot and Postfix have to be started as root";
  const missing = [DOVECOT, POSTFIX_MASTER].filter((file) => !existsSync(file));
  if (missing.length === 0) return undefined;
  return `${missing.join(" and ")} missing: apt-get install dovecot-imapd dovecot-pop3d dovecot-lmtpd postfix`;
}

export function isAvailable(): boolean {
  return unavailableReason() === undefined;
}

/**
 * Starts Dovecot and Postfix as children of this process on free loopback ports. They verify the
 * tokens that Entra ID would issue (`upn`, `aud`, `iss`, `exp`) and deliver mail to each other.
 */
export async function startMailServers(options: MailServersOptions): Promise<MailServers> {
  const { dir } = options;
  const certificate =
    options.certificate ?? (await createTestCertificate(path.join(dir, "certificate")));
  const [imap = 0, imaps = 0, pop3 = 0, pop3s = 0, submission = 0, submissions = 0] =
    await freePorts(6);

  const postfixDir = await writePostfixConfig({
    dir,
    certificate,
    ports: { submission, submissions },
    domains: [...new Set(options.users.map((user) => user.slice(user.indexOf("@") + 1)))],
  });
  const dovecotFile = await writeDovecotConfig({
    ...options,
    certificate,
    ports: { imap, imaps, pop3, pop3s },
    clientIds: options.clientIds ?? [],
    password: options.password ?? "app-password",
  });

  const servers = [
    start(DOVECOT, ["-F", "-c", dovecotFile]),
    start(POSTFIX_MASTER, ["-c", postfixDir, "-s"]),
  ];
  const close = async () => void (await Promise.all(servers.map(stop)));
  try {
    await Promise.all(
      [imap, imaps, pop3, pop3s, submission, submissions].map((port) =>
        listening(port, START_DEADLINE_MS),
      ),
    );
  } catch (error) {
    await close();
    throw error;
  }
  return {
    imap: endpoint(imaps, "implicit"),
    pop3: endpoint(pop3s, "implicit"),
    smtp: endpoint(submission, "starttls"),
    other: {
      imap: endpoint(imap, "starttls"),
      pop3: endpoint(pop3, "starttls"),
      smtp: endpoint(submissions, "implicit"),
    },
    caPem: certificate.caPem,
    close,
  };
}

function endpoint(port: number, tls: MailEndpoint["tls"]): MailEndpoint {
  return { host: "localhost", port, tls };
}

export function start(command: string, args: string[]): ChildProcess {
  return spawn(command, args, {
    stdio: "ignore",
    env: { ...process.env, TZ: "UTC" },
  });
}

/** Both masters end their own children on SIGTERM, but Postfix's does not stay to reap them. */
export async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  await stopChildren(server);
  const exit = once(server, "exit");
  server.kill("SIGTERM");
  const timer = setTimeout(() => server.kill("SIGKILL"), STOP_DEADLINE_MS);
  await exit;
  clearTimeout(timer);
}

// Children that outlive their parent stay behind as zombies where process 1 reaps nothing, which
// is usual in containers. So they go first, by their ids, while the master still waits for them.
async function stopChildren({ pid, spawnfile }: ChildProcess): Promise<void> {
  if (pid === undefined || spawnfile !== POSTFIX_MASTER) return;
  const deadlineAt = Date.now() + 1_000;
  for (;;) {
    const children = await childrenOf(pid);
    if (children.length === 0 || Date.now() > deadlineAt) return;
    for (const child of children) signal(child);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return list.split(" ").filter(Boolean).map(Number);
}

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // it has ended by itself
  }
}
