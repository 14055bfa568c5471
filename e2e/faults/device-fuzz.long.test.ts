import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { openAuthority } from "@/lib/devices/authority/store";
import { administrator } from "@/lib/testing/actors";
import { logIn } from "@/lib/testing/device-gateway";
import { report } from "@/lib/testing/long";
import { createDevice } from "@/lib/testing/made";
import { randomFrom } from "@/lib/testing/random";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { freePort } from "@/scripts/ports.mjs";
import { withPrograms } from "./programs";

/** Lines that no client should send, before the login, at a gateway that has sessions. */
const sandbox = withInstallation();
const programs = withPrograms("gateway");
const LINES = 1_000_000;
const ROUNDS = 10;
/** In its first rounds it takes what it needs to work at all; of many lines V8 leaves half uncollected before it looks. */
const WARM_UP = 5;
const OF_CONNECTION = 40;
const AT_ONCE = 64;
const KINDS = ["imap", "pop3", "smtp", "imaps", "smtps"] as const;
/** As much as it takes while nothing is sent, between two looks; in the long form 3 KB for each connection. */
const MOST_GROWTH_MB = 37;
const MOST_MS = 1_800_000;

test(
  `${LINES.toLocaleString("en")} lines before the login: nothing breaks, grows or ends another session`,
  async () => {
    const ports = await Promise.all(KINDS.map(() => freePort()));
    const listeners = KINDS.map((kind, at) => `${kind}://127.0.0.1:${ports[at]}`).join();
    const gateway = await programs.start("gateway", {
      env: { POSTKEY_DEVICE_LISTENERS: listeners },
    });
    const portOf = (kind: (typeof KINDS)[number]) => ports[KINDS.indexOf(kind)] ?? 0;
    const { imap, smtp } = await openSessions({ imap: portOf("imaps"), smtp: portOf("smtps") });

    const said = new Set<string>();
    let before = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const each of await fuzz(ports, { lines: LINES / ROUNDS, seed: round })) said.add(each);
      // Its sessions notice nothing; one of SMTP that says nothing itself for minutes would end.
      await imap.ask("b NOOP", /^b OK/m);
      await smtp.ask("NOOP", /^250 /m);
      if (round < WARM_UP) before = memoryMb(gateway.pid);
    }
    const after = memoryMb(gateway.pid);
    const different = said.size;
    report("fuzz", {
      lines: LINES,
      connections: LINES / OF_CONNECTION,
      different,
      beforeMb: before.toFixed(0),
      afterMb: after.toFixed(0),
    });

    // Or less was tried than it says.
    expect(different).toBe(LINES / OF_CONNECTION);
    expect(gateway.child.exitCode).toBeNull();
    expect(gateway.lines.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
    expect(after - before).toBeLessThan(MOST_GROWTH_MB);
    for (const { socket } of [imap, smtp]) socket.destroy();
  },
  MOST_MS,
);

async function openSessions(ports: { imap: number; smtp: number }) {
  const ada = administrator();
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["imap" as const, "smtp" as const];
  const { password } = await createDevice(ada, { name: "ERP", emailAccountId, protocols });
  const { certificate: ca } = await openAuthority();
  const imap = await logIn(ports.imap, "imap", { password, ca });
  const smtp = await logIn(ports.smtp, "smtp", { password, ca });
  return { imap, smtp };
}

/** @returns a hash of what was said on each connection */
async function fuzz(ports: number[], { lines, seed }: { lines: number; seed: number }) {
  const random = randomFrom(seed);
  const said: string[] = [];
  let left = lines;
  const lane = async () => {
    while (left > 0) {
      left -= OF_CONNECTION;
      const port = ports[Math.floor(random() * ports.length)] ?? 0;
      const bytes = noise(random);
      said.push(createHash("sha256").update(bytes).digest("base64"));
      await say(port, bytes, Math.floor(random() * 250));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return said;
}

/** From one of many addresses, so that none is slowed down for its wrong passwords. */
async function say(port: number, bytes: Buffer, address: number): Promise<void> {
  const socket = connect({ port, host: "127.0.0.1", localAddress: `127.9.${address}.1` });
  socket.on("error", () => {});
  socket.resume();
  socket.setTimeout(1_000, () => socket.destroy());
  const closed = once(socket, "close").catch(() => {});
  socket.end(bytes);
  await closed;
}

const WORDS = [
  "a LOGIN |b AUTHENTICATE PLAIN |c ID (|d CAPABILITY|STARTTLS|e NOOP|STLS|AUTH PLAIN |AUTH LOGIN",
  "EHLO |HELO x|MAIL FROM:<|RCPT TO:<a>|DATA|BDAT 9|USER |PASS |CAPA|APOP x y|alice@contoso.test",
  '{3+}\r\nabc|{1025}|{0}|*|=|"|\\|\0| |\t|\r|\xff\xfe|AGEAYg==|!!!!|\x16\x03\x01|.',
].flatMap((line) => line.split("|"));

function noise(random: () => number): Buffer {
  const word = () => WORDS[Math.floor(random() * WORDS.length)] ?? "";
  const bytes = () => String.fromCharCode(...Array.from({ length: 20 }, () => random() * 256));
  const line = () => {
    const shape = random();
    if (shape < 0.02) return "x".repeat(Math.floor(random() * 20_000));
    if (shape < 0.2) return bytes();
    return Array.from({ length: 1 + Math.floor(random() * 5) }, word).join("");
  };
  const lines = Array.from({ length: OF_CONNECTION }, line);
  return Buffer.from(lines.join(random() < 0.1 ? "\n" : "\r\n"), "latin1");
}

function memoryMb(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
  return Number(kb) / 1_024;
}
