import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { dialogue, type Rule } from "@/e2e/servers/scripted-server";
import { withScriptedMail } from "@/lib/testing/scripted-mail";
import { openInbox } from "./inbox";

const mail = withScriptedMail();

const CAPABILITIES = "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR\r\n{tag} OK done.";
const RULES: Rule[] = [
  [/ CAPABILITY$/, CAPABILITIES],
  [/ AUTHENTICATE /, "{tag} OK done."],
  [/ LIST /, '* LIST (\\Noselect) "/" ""\r\n{tag} OK done.'],
  [/./, "{tag} OK done."],
];
const HEADER = "From: a@b.example\r\n\r\n";
const message = (sequence: number, uid = sequence) =>
  `* ${sequence} FETCH (UID ${uid} FLAGS () RFC822.SIZE 9 INTERNALDATE "01-Jan-2026 00:00:00 +0000" BODY[HEADER]<0> {${HEADER.length}}\r\n${HEADER})\r\n`;

async function open(...rules: Rule[]) {
  return (await opening(rules))();
}

async function opening(rules: Rule[], openWithinMs?: number) {
  const { endpoint } = await mail.serve(dialogue("* OK hi", [...rules, ...RULES]));
  const source = {
    endpoint,
    credential: {
      kind: "xoauth2",
      service: "microsoft_azure",
      user: "a@b.example",
      accessToken: "token",
    },
    signal: AbortSignal.timeout(15_000),
  } as const;
  return () => openInbox(source, openWithinMs);
}

const examined = (uidNext: string, exists: number): Rule => [
  / EXAMINE /,
  `* ${exists} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n${uidNext}{tag} OK [READ-ONLY] done.`,
];

/** More messages than were asked for, for as long as the client reads them. */
const endless = (socket: Socket) => {
  let sequence = 0;
  const more = () => {
    let isRoom = true;
    while (isRoom && !socket.destroyed) {
      sequence += 1;
      isRoom = socket.write(message(sequence));
    }
  };
  socket.on("drain", () => setImmediate(more));
  more();
};

test("a server that never stops to list messages is left after a hundred", async () => {
  const inbox = await open(examined("* OK [UIDNEXT 100] ok\r\n", 2_000_000_000), [
    / FETCH /,
    endless,
  ]);
  const before = process.memoryUsage().rss;
  // Not the end of its time, which is another failure.
  await expect(inbox.readNewest(20)).rejects.toMatchObject({ failure: { remedyId: "mail.flood" } });
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(50);
});

test.each([
  ["that has some", { exists: 2, fetched: `${message(2, 41)}{tag} OK done.`, next: 42 }],
  ["that is empty", { exists: 0, fetched: "{tag} OK done.", next: 1 }],
])(
  "a server that does not say UIDNEXT of an INBOX %s is asked for its last message",
  async (_what, { exists, fetched, next }) => {
    const inbox = await open(examined("", exists), [/ FETCH /, fetched]);
    expect(inbox.uidNext).toBe(next);
    expect(inbox.uidValidity).toBe(7n);
    inbox.close();
  },
);

test("a server that does not tell of its last message either is not read from its first", async () => {
  const failure = { remedyId: "mail.protocol_error" };
  const opening = open(examined("", 2), [/ FETCH /, "{tag} OK done."]);
  await expect(opening).rejects.toMatchObject({ failure });
});

test("a server that says goodbye before it refuses the sign-in has told why", async () => {
  const goodbye = "* BYE Too many simultaneous connections. 11\r\n{tag} NO AUTHENTICATE failed.";
  const failure = { remedyId: "mail.throttled" };
  await expect(open([/ AUTHENTICATE /, goodbye])).rejects.toMatchObject({ failure });
});

const NOT_CONNECTED = "{tag} BAD User is authenticated but not connected.";
const BYE = "\r\n* BYE Connection closed. 14";
const WITH_NAMESPACE: Rule = [
  / CAPABILITY$/,
  CAPABILITIES.replace("IMAP4rev1", "IMAP4rev1 NAMESPACE"),
];

test.each([
  ["every command after the sign-in", [WITH_NAMESPACE, [/ NAMESPACE$/, `${NOT_CONNECTED}${BYE}`]]],
  ["every command after the sign-in, and stays", [WITH_NAMESPACE, [/ NAMESPACE$/, NOT_CONNECTED]]],
  ["to open the inbox", [[/ EXAMINE /, `${NOT_CONNECTED}${BYE}`]]],
] satisfies [string, Rule[]][])(
  "a server that refuses %s has told why before it said goodbye",
  async (_what, rules) => {
    const failure = { remedyId: "imap.not_connected", retryable: false };
    await expect(open(...rules)).rejects.toMatchObject({ failure });
  },
);

test("what a server refused and then went on from is not why it says goodbye", async () => {
  const goodbye = "* BYE Connection closed. 14\r\n";
  const refuses: Rule = [/ NAMESPACE$/, "{tag} BAD Command Argument Error. 11"];
  const opening = open(WITH_NAMESPACE, refuses, examined("", 2), [
    / FETCH /,
    (socket) => socket.end(goodbye),
  ]);
  await expect(opening).rejects.toMatchObject({ failure: { remedyId: "imap.bye" } });
});

test("a server that only ever drips while it is to open the inbox is given up", async () => {
  const drip = (socket: Socket) => {
    const timer = setInterval(() => socket.write("* OK still thinking\r\n"), 50);
    socket.once("close", () => clearInterval(timer));
  };
  const open = await opening([[/ EXAMINE /, drip]], 1_000);
  await expect(open()).rejects.toMatchObject({ failure: { retryable: true } });
});
