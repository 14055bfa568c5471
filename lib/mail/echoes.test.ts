import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dialogue, type Rule } from "@/e2e/servers/scripted-server";
import type { MailEndpoint } from "@/lib/egress/schema";
import { asAppError } from "@/lib/remedies/app-error";
import { echo, leaked, secret } from "@/lib/testing/echoes";
import { probing } from "@/lib/testing/egress";
import { either } from "@/lib/testing/long";
import { withScriptedMail } from "@/lib/testing/scripted-mail";
import type { MailCredential } from "./credential";
import { probeImap } from "./imap";
import { openInbox } from "./inbox";
import { probePop3 } from "./pop3";
import { sendMail } from "./send";
import { probeSmtp } from "./smtp";

/** Mail servers that repeat what they were sent, in ways of their own. */
const mail = withScriptedMail();
const RUNS = either({ short: 12, long: 100 });

/** What the server says at the next opportunity. */
let said = "";
const lines = (first: string, others: string) => (socket: { write(text: string): void }) =>
  socket.write(`${first} ${said.replace(/\r?\n/g, `\r\n${others} `)}\r\n`);

const IMAP: Rule[] = [
  [/ CAPABILITY$/, "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR\r\n{tag} OK done."],
  [
    / (AUTHENTICATE|LOGIN) /,
    (socket) => {
      lines("* OK", "* OK")(socket);
      lines("* BYE", "* OK")(socket);
      socket.end();
    },
  ],
];
const refusing = (socket: { write(text: string): void }) => {
  socket.write(`535-5.7.3 ${said.replace(/\r?\n/g, "\r\n535-5.7.3 ")}\r\n535 5.7.3 over\r\n`);
};
const SMTP: Rule[] = [
  [/^EHLO/, "250-localhost\r\n250 AUTH XOAUTH2 PLAIN LOGIN"],
  [/^AUTH (XOAUTH2|PLAIN)/, refusing],
  [/^AUTH LOGIN/, "334 VXNlcm5hbWU6"],
];
const POP3: Rule[] = [
  [/^CAPA/, "+OK\r\nSASL XOAUTH2 PLAIN\r\nUSER\r\n."],
  [/^AUTH/, "+ "],
  [/^USER/, "+OK"],
  [/./, (socket) => socket.write(`-ERR ${said.replace(/\r?\n/g, " ")}\r\n`)],
];

const SERVERS = {
  imap: { probe: probeImap, talk: dialogue("* OK ready", IMAP) },
  smtp: { probe: probeSmtp, talk: dialogue("220 ready", SMTP) },
  pop3: { probe: probePop3, talk: dialogue("+OK ready", POP3) },
} as const;

const credential = fc.record({
  kind: fc.constantFrom("xoauth2", "password"),
  value: secret,
});

function credentialOf({ kind, value }: { kind: string; value: string }): MailCredential {
  const user = "alice@contoso.test";
  return kind === "xoauth2"
    ? { kind: "xoauth2", user, accessToken: value }
    : { kind: "password", user, password: value };
}

/** All that is kept of an error, to its last cause. */
function kept(error: unknown): string {
  const texts: unknown[] = [];
  for (let each = asAppError(error); each instanceof Error; each = each.cause)
    texts.push(each.message, each.stack, each);
  return JSON.stringify(texts);
}

/** Runs the same against a server of its own, with generated secrets and echoes. */
async function always(
  protocol: keyof typeof SERVERS,
  look: (endpoint: MailEndpoint, credential: MailCredential) => Promise<string>,
) {
  const { endpoint } = await mail.serve(SERVERS[protocol].talk);
  await fc.assert(
    fc.asyncProperty(credential, echo, async (sent, { write, around }) => {
      said = around(write(sent.value)).replace(/[^\n\x20-\x7e]/g, " ");
      expect(leaked(await look(endpoint, credentialOf(sent)), sent.value)).toBeNull();
    }),
    { numRuns: RUNS },
  );
}

describe("nothing of the token or the password is in", () => {
  test.each(["imap", "smtp", "pop3"] as const)("the report of a test over %s", async (protocol) => {
    let reported = 0;
    await always(protocol, async (endpoint, given) => {
      const report = await SERVERS[protocol].probe({
        endpoint,
        credential: async () => given,
        deadlineMs: 5_000,
        ...probing(mail().certificate.caPem),
      });
      if (report.failure?.serverText) reported += 1;
      const { transcript = [], ...rest } = report;
      // As it is read: what the server said, one line after the other.
      const words = transcript.map(({ text }) => text.replace(/^(535-5\.7\.3|\* \w+|-ERR) /, ""));
      return `${JSON.stringify(rest)} ${JSON.stringify(transcript)} ${words.join("")}`;
    });
    expect(reported).toBeGreaterThan(RUNS / 4);
  });

  test("what is told of a message that was not taken", async () => {
    await always("smtp", async (endpoint, given) => {
      const letter = {
        from: "a@b.test",
        to: ["c@d.test"],
        subject: "",
        text: "",
        messageId: "<1@2>",
      };
      const mail = { ...letter, endpoint, credential: given, isAutomatic: true };
      return kept(await sendMail(mail, 5_000).catch((error: unknown) => error));
    });
  });

  test("what is told of an inbox that did not open", async () => {
    await always("imap", async (endpoint, given) => {
      const source = { endpoint, credential: given, signal: new AbortController().signal };
      return kept(await openInbox(source).catch((error: unknown) => error));
    });
  });
});
