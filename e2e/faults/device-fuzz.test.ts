import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as connectPlain, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { beforeAll, expect, test } from "vitest";
import { openAuthority } from "@/lib/access/devices/authority/store";
import { createDevice } from "@/lib/access/devices/mutations";
import { administrator } from "@/lib/testing/actors";
import { Wire } from "@/lib/testing/device-gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";
import { freePort } from "@/scripts/ports.mjs";
import { either, report } from "./long";
import { withPrograms } from "./programs";

/** Lines that no client should send, before the login, at a gateway that has sessions. */
const sandbox = withInstallation();
const programs = withPrograms(`.build/test-fuzz-${process.pid}`);
/** Those that were answered: what a connection sends after it was ended is never read. */
const LINES = either({ short: 20_000, long: 1_000_000 });
const MOST_OF_CONNECTION = 30;
const AT_ONCE = 100;
const KINDS = ["imap", "pop3", "smtp", "imaps", "smtps"] as const;
/** As much as it takes while nothing is sent, between two looks. */
const MOST_GROWTH_MB = 60;
const ASK_EVERY_MS = 5_000;
const MOST_MS = either({ short: 120_000, long: 3_600_000 });
let key: string | undefined;

beforeAll(() => {
  key = process.env.POSTKEY_KEY;
});

test(
  `${LINES.toLocaleString("en")} lines before the login: nothing breaks, grows or ends another session`,
  async () => {
    const ports = await Promise.all(KINDS.map(() => freePort()));
    const listeners = KINDS.map((kind, at) => `${kind}://127.0.0.1:${ports[at]}`).join();
    const gateway = await programs.start("gateway", {
      env: { ...(key !== undefined && { POSTKEY_KEY: key }), POSTKEY_DEVICE_LISTENERS: listeners },
    });
    const portOf = (kind: (typeof KINDS)[number]) => ports[KINDS.indexOf(kind)] ?? 0;
    const { imap, smtp } = await openSessions({ imap: portOf("imaps"), smtp: portOf("smtps") });

    const startedAt = performance.now();
    // SMTP ends what is silent for six minutes; and nobody else's session is slow meanwhile.
    const isAsked = new AbortController();
    const asked = askNowAndThen({ imap, smtp }, isAsked.signal);
    await fuzz(ports, { lines: LINES / 4, seed: 1 });
    const before = memoryMb(gateway.pid);
    const connections = await fuzz(ports, { lines: (LINES * 3) / 4, seed: 2 });
    const after = memoryMb(gateway.pid);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
    const mb = { beforeMb: before.toFixed(0), afterMb: after.toFixed(0) };
    report("fuzz", { lines: LINES, connections, seconds, ...mb });

    expect(gateway.child.exitCode).toBeNull();
    expect(gateway.lines.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
    expect(after - before).toBeLessThan(MOST_GROWTH_MB);
    isAsked.abort();
    expect(await asked).toBeGreaterThan(0);
    for (const { socket } of [imap, smtp]) socket.destroy();
  },
  MOST_MS,
);

/** Until it is told to stop, and once more. @returns how often both sessions answered */
async function askNowAndThen({ imap, smtp }: Record<"imap" | "smtp", Wire>, stop: AbortSignal) {
  for (let times = 1; ; times += 1) {
    const isLast = stop.aborted;
    await imap.ask("b NOOP", /^b OK/m);
    await smtp.ask("NOOP", /^250 /m);
    if (isLast) return times;
    await sleep(ASK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
  }
}

async function openSessions(ports: { imap: number; smtp: number }) {
  const ada = administrator();
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["imap" as const, "smtp" as const];
  const { password } = await createDevice(ada, { name: "ERP", emailAccountId, protocols });
  const { certificate } = await openAuthority();
  const imap = await Wire.open(ports.imap, certificate);
  await imap.ask(`a LOGIN ${ALICE} ${password}`, /^a OK/m);
  const smtp = await Wire.open(ports.smtp, certificate);
  const plain = Buffer.from(`\0${ALICE}\0${password}`).toString("base64");
  await smtp.ask(`AUTH PLAIN ${plain}`, /^235/m);
  return { imap, smtp };
}

/** @returns over how many connections so many lines were answered */
async function fuzz(ports: number[], { lines, seed }: { lines: number; seed: number }) {
  const random = randomFrom(seed);
  let left = lines;
  let connections = 0;
  const lane = async () => {
    while (left > 0) {
      connections += 1;
      left -= await say(ports, random);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return connections;
}

/** One connection, with half of those to a port of TLS in TLS. @returns how many lines were answered */
async function say(ports: number[], random: () => number): Promise<number> {
  const at = Math.floor(random() * KINDS.length);
  const socket = open(ports[at] ?? 0, random, KINDS[at]?.endsWith("s") === true && random() < 0.5);
  let heard = "";
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    heard += chunk.toString("latin1");
  });
  socket.setTimeout(2_000, () => socket.destroy());
  const closed = once(socket, "close").catch(() => {});
  const bytes = noise(random);
  const cut = Math.floor(random() * bytes.length);
  socket.write(bytes.subarray(0, cut));
  setImmediate(() => socket.end(bytes.subarray(cut)));
  await closed;
  // Its greeting answers nothing.
  return Math.max((heard.match(ANSWER)?.length ?? 0) - (KINDS[at]?.startsWith("imap") ? 0 : 1), 0);
}

/** The last line of a reply of each protocol, and the questions of SASL. */
const ANSWER = /^(?:\d{3} |\+|-ERR|\* BAD|[^*+\s-]\S* (?:OK|NO|BAD) )/gm;

/** From one of many addresses, so that none is slowed down for its wrong passwords. */
function open(port: number, random: () => number, isTls: boolean): Socket {
  const byte = () => Math.floor(random() * 250);
  const localAddress = `127.${9 + Math.floor(byte() / 2)}.${byte()}.1`;
  const to = { port, host: "127.0.0.1", localAddress };
  return isTls ? connectTls({ ...to, rejectUnauthorized: false }) : connectPlain(to);
}

const WORDS = [
  ...["a LOGIN ", "b AUTHENTICATE PLAIN ", "c ID (", "d CAPABILITY", "STARTTLS", "e NOOP", "STLS"],
  ...[
    "AUTH PLAIN ",
    "AUTH LOGIN",
    "EHLO ",
    "HELO x",
    "MAIL FROM:<",
    "RCPT TO:<a>",
    "DATA",
    "BDAT 9",
  ],
  ...[
    "USER ",
    "PASS ",
    "CAPA",
    "APOP x y",
    "{3+}\r\nabc",
    "{1025}",
    "{0}",
    "*",
    "=",
    '"',
    "\\",
    "\0",
  ],
  ...["alice@contoso.test", " ", "\t", "\r", "\xff\xfe", "AGEAYg==", "!!!!", "\x16\x03\x01", "."],
];

function noise(random: () => number): Buffer {
  const word = () => WORDS[Math.floor(random() * WORDS.length)] ?? "";
  const bytes = () => String.fromCharCode(...Array.from({ length: 20 }, () => random() * 256));
  const line = () => {
    const shape = random();
    if (shape < 0.02) return "x".repeat(Math.floor(random() * 20_000));
    if (shape < 0.2) return bytes();
    return Array.from({ length: 1 + Math.floor(random() * 5) }, word).join("");
  };
  const lines = Array.from({ length: 1 + Math.floor(random() * MOST_OF_CONNECTION) }, line);
  return Buffer.from(lines.join(random() < 0.1 ? "\n" : "\r\n"), "latin1");
}

/** Mulberry32: 2^32 numbers before they repeat. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function memoryMb(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
  return Number(kb) / 1_024;
}
