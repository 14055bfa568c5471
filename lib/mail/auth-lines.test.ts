import type { Socket } from "node:net";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { dialogue, type Rule, type Talk } from "@/e2e/servers/scripted-server";
import type { Protocol } from "@/lib/egress/protocols/schema";
import type { MailEndpoint } from "@/lib/egress/schema";
import { probing } from "@/lib/testing/egress";
import { withScriptedMail } from "@/lib/testing/scripted-mail";
import { probeImap } from "./imap";
import { openInbox } from "./inbox";
import { probePop3 } from "./pop3";
import { sendMail } from "./send";
import { probeSmtp } from "./smtp";
import { xoauth2InitialResponse } from "./xoauth2";

/**
 * Servers that take no longer command than their RFC makes them take, CRLF counted: RFC 5321
 * §4.5.3.1.4, RFC 2449 §4, RFC 7162 §4. What answers a continuation is no command.
 */
const MAX_COMMAND = { smtp: 512, pop3: 255, imap: 8_192 } as const;
const PROBES = { imap: probeImap, smtp: probeSmtp, pop3: probePop3 } as const;
const USER = "alice@contoso.test";

type Heard = { commands: string[]; tokens: string[] };

const heard: Heard = { commands: [], tokens: [] };
const mail = withScriptedMail();
const endpoints = new Map<Protocol, MailEndpoint>();
const endpoint = (protocol: Protocol) => {
  const found = endpoints.get(protocol);
  if (!found) throw new Error("The servers run during tests only.");
  return found;
};

beforeAll(async () => {
  for (const protocol of ["imap", "smtp", "pop3"] as const)
    endpoints.set(protocol, (await mail.serve(strict(protocol))).endpoint);
});

beforeEach(() => {
  heard.commands = [];
  heard.tokens = [];
});

const tokenOf = (length: number) => "t".repeat(length);
const credentialOf = (length: number) =>
  ({ kind: "xoauth2", user: USER, accessToken: tokenOf(length) }) as const;
/** Those that are longer than a server has to take. */
const tooLong = (protocol: Protocol) =>
  heard.commands.filter((line) => line.length + 2 > MAX_COMMAND[protocol]);

describe.each(["imap", "smtp", "pop3"] as const)("%s", (protocol) => {
  test("takes a token of any length, on lines that every server takes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12_000 }), async (length) => {
        heard.tokens = [];
        const report = await PROBES[protocol]({
          endpoint: endpoint(protocol),
          credential: async () => credentialOf(length),
          ...probing(mail().certificate.caPem),
        });
        expect(report.failure).toBeUndefined();
        expect(heard.tokens).toEqual([xoauth2InitialResponse(USER, tokenOf(length))]);
      }),
      {
        numRuns: 20,
        examples: [[1], [343], [344], [345], [346], [350], [1_000], [5_500], [5_700]],
      },
    );
    expect(tooLong(protocol)).toEqual([]);
  });
});

describe("SMTP", () => {
  test.each([
    [100, /^AUTH XOAUTH2 \S+$/],
    [1_000, /^AUTH XOAUTH2$/],
  ])(
    "signs in with a token of %i characters in as few steps as that allows",
    async (length, line) => {
      await send(length);
      expect(heard.commands.find((each) => each.startsWith("AUTH"))).toMatch(line);
    },
  );

  test("sends a message with a token of any length", async () => {
    for (const length of [100, 1_000, 3_000, 9_000]) {
      heard.tokens = [];
      expect(await send(length)).toMatch(/^250/);
      expect(heard.tokens).toEqual([xoauth2InitialResponse(USER, tokenOf(length))]);
    }
    expect(tooLong("smtp")).toEqual([]);
  });
});

test("an inbox is opened with a token of any length", async () => {
  for (const length of [100, 1_000, 9_000]) {
    heard.tokens = [];
    const { signal } = new AbortController();
    const source = { endpoint: endpoint("imap"), credential: credentialOf(length), signal };
    const inbox = await openInbox(source);
    inbox.close();
    expect(heard.tokens).toEqual([xoauth2InitialResponse(USER, tokenOf(length))]);
  }
  expect(tooLong("imap")).toEqual([]);
});

function send(length: number): Promise<string> {
  const message = { from: USER, to: [USER], subject: "Test", text: "Test", messageId: "<1@test>" };
  return sendMail({
    ...message,
    isAutomatic: true,
    endpoint: endpoint("smtp"),
    credential: credentialOf(length),
  });
}

function note(line: string): void {
  const [, token] = /(?:^|XOAUTH2 )(dXNlcj\S*)$/.exec(line) ?? [];
  if (token) heard.tokens.push(token);
  if (token !== line) heard.commands.push(line);
}

/** Notes each command and each token, and takes them. */
function strict(protocol: Protocol): Talk {
  return (socket: Socket) => {
    let buffered = "";
    socket.on("data", (chunk) => {
      const lines = `${buffered}${chunk}`.split("\r\n");
      buffered = lines.pop() ?? "";
      lines.forEach(note);
    });
    dialogue(GREETINGS[protocol], RULES[protocol])(socket);
  };
}

const GREETINGS = { imap: "* OK ready", smtp: "220 ready", pop3: "+OK ready" } as const;
const OPENED = "* 0 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT 1] ok";
const tagOfLast = () => heard.commands.at(-1)?.split(" ")[0];

const RULES: Readonly<Record<Protocol, readonly Rule[]>> = {
  imap: [
    [/ CAPABILITY$/, "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n{tag} OK done"],
    [/ AUTHENTICATE XOAUTH2$/, "+ "],
    [/^dXNlcj/, (socket) => socket.write(`${tagOfLast()} OK in\r\n`)],
    [/ STATUS /, "* STATUS INBOX (MESSAGES 0)\r\n{tag} OK done"],
    [/ EXAMINE /, `${OPENED}\r\n{tag} OK done`],
    [/./, "{tag} OK done"],
  ],
  smtp: [
    [/^EHLO/, "250-test\r\n250 AUTH XOAUTH2"],
    [/^AUTH XOAUTH2$/, "334 "],
    [/^AUTH XOAUTH2 |^dXNlcj/, "235 2.7.0 in"],
    [/^DATA/, "354 go"],
    [/^(?:MAIL|RCPT|RSET|NOOP|QUIT|\.$)/, "250 2.0.0 OK"],
  ],
  pop3: [
    [/^CAPA$/, "+OK\r\nSASL XOAUTH2\r\n."],
    [/^AUTH XOAUTH2$/, "+ "],
    [/^STAT/, "+OK 0 0"],
    [/./, "+OK"],
  ],
};
