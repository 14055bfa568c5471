import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { startScriptedServer, type Talk } from "@/e2e/servers/scripted-server";
import type { Protocol } from "@/lib/egress/protocols/schema";

import { isKnown } from "@/lib/remedies/catalogue";
import { probing } from "@/lib/testing/egress";
import { either, report as tell } from "@/lib/testing/long";
import { withCertificate } from "@/lib/testing/scripted-mail";
import { probeImap } from "./imap";
import { probePop3 } from "./pop3";
import type { ProtocolReport } from "./schema";
import { probeSmtp } from "./smtp";
import { xoauth2InitialResponse } from "./xoauth2";

/**
 * Servers that say anything at all, made of what mail servers say: in the right place, in a wrong
 * one, cut off, twice, with what the client said in it. Whatever they say, a probe ends, names an
 * entry of the catalogue, calls nothing a success that is none, and repeats no secret.
 */
const CONVERSATIONS = either({ short: 500, long: 10_000 });
const AT_ONCE = either({ short: 50, long: 100 });
/** Some wait until the end: for a run it is far behind what a busy machine needs for the others. */
const DEADLINE_MS = either({ short: 2_000, long: 500 });

const PROBES = { imap: probeImap, smtp: probeSmtp, pop3: probePop3 } as const;
const USER = "alice@contoso.test";
const TOKEN = randomBytes(40).toString("hex");
const RESPONSE = xoauth2InitialResponse(USER, TOKEN);

/** What a server does when the client has said a line; of the last one it never tires. */
type Move = "right" | "hang up" | "echo" | "echo decoded" | "echo as challenge" | { say: string };
type Script = { protocol: Protocol; greeting: Move; moves: Move[] };
type Heard = { said: string; lines: string[] };

const own = withCertificate();
const succeeded = { imap: 0, smtp: 0, pop3: 0 };
const named = new Set<string>();

test(`${CONVERSATIONS} conversations end without a false success and without a secret in the report`, async () => {
  const several = fc.array(script(), { minLength: AT_ONCE, maxLength: AT_ONCE });
  await fc.assert(
    fc.asyncProperty(several, async (scripts) => {
      await Promise.all(scripts.map(converse));
    }),
    { numRuns: CONVERSATIONS / AT_ONCE, endOnFailure: true },
  );
  // Or nothing was tried: each protocol got through, and failed in many ways.
  for (const count of Object.values(succeeded)) expect(count).toBeGreaterThan(0);
  expect(named.size).toBeGreaterThan(10);
  tell("conversations of mail servers", { conversations: CONVERSATIONS, named: named.size });
}, 600_000);

async function converse(script: Script): Promise<void> {
  const { protocol } = script;
  const heard: Heard = { said: "", lines: [] };
  const server = await startScriptedServer(serve(script, heard), own().certificate);
  try {
    const report = await PROBES[protocol]({
      endpoint: { host: "localhost", port: server.port, tls: "implicit" },
      credential: async () => ({ kind: "xoauth2", user: USER, accessToken: TOKEN }),
      deadlineMs: DEADLINE_MS,
      ...probing(own().certificate.caPem),
    });
    expectSound(report, heard);
  } finally {
    await server.close();
  }
}

function expectSound(report: ProtocolReport, heard: Heard): void {
  const { protocol, verdict, failure } = report;
  if (verdict === "ok") {
    succeeded[protocol] += 1;
    expect(PROOFS[protocol](heard)).toBe(true);
  } else {
    expect(verdict).toBe("failed");
    expect(isKnown(failure?.remedyId ?? "")).toBe(true);
    expect(failure?.remedyId).not.toBe("postkey.unexpected");
    named.add(failure?.remedyId ?? "");
  }
  const text = JSON.stringify(report);
  for (const secret of [TOKEN, TOKEN.slice(20, 60), RESPONSE.slice(60, 100)])
    expect(text).not.toContain(secret);
  expect(text).not.toMatch(/\\u00[01]|\p{Bidi_Control}/u);
}

/** What a server must have said before anybody may speak of a success. */
const PROOFS: Readonly<Record<Protocol, (heard: Heard) => boolean>> = {
  imap({ said, lines }) {
    const isOk = (command: RegExp) => {
      const tag = lines.find((line) => command.test(line))?.split(" ")[0];
      return tag !== undefined && new RegExp(`^${tag} OK\\b`, "im").test(said);
    };
    const isCounted = /^\* STATUS .*\bMESSAGES \d/im.test(said);
    return isOk(/^\w+ AUTHENTICATE /) && isOk(/^\w+ STATUS /) && isCounted;
  },
  // A client goes by the first digit of a reply that it does not expect, as to EHLO (RFC 5321 §4.3.2).
  smtp({ said }) {
    const count = (reply: RegExp) => (said.match(reply) ?? []).length;
    const isIn = /^235(?:[ -]|\r?$)/m.test(said);
    return isIn && count(/^250/gm) >= 2 && count(/^2\d\d/gm) >= 4;
  },
  pop3: ({ said }) => /^\+OK \d+ \d+/im.test(said) && (said.match(/^\+OK/gim) ?? []).length >= 3,
};

function serve({ protocol, greeting, moves }: Script, heard: Heard): Talk {
  return (socket) => {
    let turn = 0;
    let buffered = "";
    const make = (move: Move, line: string) => {
      if (move === "hang up") return socket.destroy();
      const said = wordsOf(move, protocol, line);
      heard.said += said;
      return socket.write(said);
    };
    make(greeting, "");
    socket.on("data", (chunk) => {
      const lines = `${buffered}${chunk}`.split("\r\n");
      buffered = lines.pop() ?? "";
      for (const line of lines) {
        heard.lines.push(line);
        make(moves[Math.min(turn, moves.length - 1)] ?? "right", line);
        turn += 1;
      }
    });
  };
}

function wordsOf(move: Exclude<Move, "hang up">, protocol: Protocol, line: string): string {
  const [tag = ""] = line.split(" ");
  switch (move) {
    case "right":
      return `${RIGHT[protocol](line)}\r\n`.replaceAll("{tag}", tag);
    case "echo":
      return `${NO[protocol]} ${line}\r\n`.replaceAll("{tag}", tag);
    case "echo decoded": {
      const text = Buffer.from(line.split(" ").at(-1) ?? "", "base64").toString();
      return `${NO[protocol]} ${text.replace(/[\r\n]/g, " ")}\r\n`.replaceAll("{tag}", tag);
    }
    case "echo as challenge":
      return `${protocol === "smtp" ? "334" : "+"} ${line.split(" ").at(-1)}\r\n`;
    default:
      return move.say.replaceAll("{tag}", tag);
  }
}

const NO = { imap: "{tag} NO", smtp: "535 5.7.3", pop3: "-ERR" } as const;

/** What a server says to a line of a client that does everything right; "" is its greeting. */
const RIGHT: Readonly<Record<Protocol, (line: string) => string>> = {
  imap(line) {
    if (line === "") return "* OK ready";
    if (/ CAPABILITY$/.test(line))
      return "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n{tag} OK done";
    if (/ STATUS /.test(line)) return "* STATUS INBOX (MESSAGES 3)\r\n{tag} OK done";
    return "{tag} OK done";
  },
  smtp(line) {
    if (line === "") return "220 ready";
    if (line.startsWith("EHLO")) return "250-test\r\n250 AUTH XOAUTH2";
    return line.startsWith("AUTH") ? "235 2.7.0 in" : "250 2.0.0 OK";
  },
  pop3(line) {
    if (line === "") return "+OK ready";
    if (line === "CAPA") return "+OK\r\nSASL XOAUTH2\r\n.";
    if (line.startsWith("AUTH")) return "+ ";
    return line === "STAT" ? "+OK 3 300" : "+OK";
  },
};

const FRAGMENTS = [
  "* OK|* BYE|* NO|* BAD|* PREAUTH|{tag} OK|{tag} NO|{tag} BAD|OK|NO|+OK|-ERR|+|+ |.",
  "220|235|235-|250|250-|334|334 |421|432|454|500|535|550|554|600|2|23|2350|+OK 1|+OK x y",
  "[UNAVAILABLE]|[AUTHENTICATIONFAILED]|[EXPIRED]|[LIMIT]|[SYS/TEMP]|[IN-USE]|[|]|{3}|{99999}",
  "5.7.3|5.7.708|4.7.0|AUTHENTICATE failed.|User is authenticated but not connected.",
  "AccessTokenExpired|Server Unavailable. 15|Too many connections|STATUS INBOX (MESSAGES 1)",
  'CAPABILITY IMAP4rev1 AUTH=XOAUTH2|SASL XOAUTH2|AUTH XOAUTH2|(|)|"|\\|eyJzdGF0dXMiOiI0MDEifQ==',
  "\0|\u001b[2J|\u202e|\ud83d\ude00|<script>|HTTP/1.1 400 Bad Request|\t| |",
].flatMap((line) => line.split("|"));

function script(): fc.Arbitrary<Script> {
  const words = fc.array(
    fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...FRAGMENTS) }, fc.string()),
    {
      maxLength: 5,
    },
  );
  const ends = fc.constantFrom("\r\n", "\r\n", "\r\n", "\n", "\r", "");
  const line = fc.tuple(words, fc.constantFrom(" ", " ", ""), ends);
  const say = fc
    .array(line, { minLength: 1, maxLength: 3 })
    .map((lines) => lines.map(([each, between, end]) => each.join(between) + end).join(""));
  const move: fc.Arbitrary<Move> = fc.oneof(
    { weight: 12, arbitrary: fc.constant<Move>("right") },
    { weight: 4, arbitrary: fc.record({ say }) },
    fc.constantFrom<Move>("echo", "echo decoded", "echo as challenge", "hang up"),
  );
  return fc.record({
    protocol: fc.constantFrom<Protocol>("imap", "smtp", "pop3"),
    greeting: fc.oneof({ weight: 9, arbitrary: fc.constant<Move>("right") }, move),
    moves: fc.array(move, { minLength: 1, maxLength: 8 }),
  });
}
