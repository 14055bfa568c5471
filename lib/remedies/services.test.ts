import { describe, expect, test } from "vitest";
import { GMAIL_REPLIES } from "@/e2e/sandbox/mail/gmail-replies";
import { SERVER_REPLIES } from "@/e2e/sandbox/mail/server-replies";
import { refusalRemedy } from "@/lib/mail/refusals";
import { mailService, SERVICES } from "@/lib/mail/services/schema";
import { fillRemedy, findRemedy, fits, listRemedies } from "./catalogue";
import type { Entry, RemedyContext, RepairObject } from "./remedy";

/** What belongs to a service, in words, commands and links. */
const WORDS = {
  microsoft_azure:
    /Microsoft|Exchange|Entra\b|Azure|Outlook|Office 365|PowerShell|SMTP AUTH|Full Access|Send As\b|Conditional Access|AccessAs|SMTP\.Send/,
  google: /Google|Gmail|Workspace/,
} as const;
const FOR_PASSWORDS = /Modern Authentication on|app password/;

const STAGES = ["greeting", "authenticate", "mailbox", "sender"] as const;
const CREDENTIALS = ["xoauth2", "password"] as const;
const PROVIDERS = ["delegated", "app_only", "domain_wide", "device_code"].flatMap((grant) =>
  ["client_secret", "certificate"].map((credentialKind) => ({ id: "p1", grant, credentialKind })),
);

/** A refusal of every kind of account, for the one who signs in, for another's mailbox, and for many. */
function contextsOf(mail: (typeof SERVICES)[number], credential: string): RemedyContext[] {
  const { platform: service, hostsAt } = mailService(mail);
  const values = { tenantId: "t1", clientId: "c1", host: "mail.test", port: 993 };
  const origins = {
    redirectUri: "https://a.test",
    portal: "https://b.test",
    exchange: "https://c.test",
  };
  const account = { id: "a1", username: "alice@contoso.test", isDelegate: true };
  const objects: RepairObject[] = [
    { account },
    { incident: { id: "i1", accounts: 9 } },
    { incident: { id: "i1", accounts: 0 } },
    { failed: { testRunId: "r1", failedWith: "x" } },
  ];
  const providers = credential === "password" ? [undefined] : PROVIDERS;
  return providers.flatMap((provider) =>
    objects.flatMap((object) =>
      ["support@contoso.test", account.username].map((login) => ({
        ...values,
        ...origins,
        mailbox: "support@contoso.test",
        login,
        object: { ...object, service, hostsAt, ...(provider && { provider }) },
      })),
    ),
  );
}

/** Buttons that a text names, by the words on them. */
const NAMED =
  /\b[Pp]ress (Test again|Sign in as [^\s,]+(?=[\s,.])(?<!\.)|Connect again|Update (?:Client Secret|certificate))/g;
const OF_MAIL = /^(?:dns|tcp|egress|tls|mail|imap|pop3|smtp|password)\./;

function faultsOf(entry: Entry, context: RemedyContext, foreign: readonly RegExp[]): string[] {
  const { title, cause, steps, buttons = [], command, link } = fillRemedy(entry, context);
  const around = [command?.shell, command?.text, link?.label, link?.url];
  const text = [title, cause, ...steps, ...around].join("\n");
  const labels = buttons.map(({ label }) => label);
  const named = [...steps.join("\n").matchAll(NAMED)].map(([, name = ""]) => name);
  return [
    ...foreign.filter((words) => words.test(text)).map(() => "of another service"),
    ...named.filter((name) => !labels.includes(name)).map((name) => `no button ${name}`),
  ].map((fault) => `${entry.id}: ${fault}`);
}

describe.each(SERVICES)("at %s", (mail) => {
  const { platform } = mailService(mail);
  const credentials = CREDENTIALS.filter((each) => each === "password" || platform !== null);

  test.each(credentials)("of a %s, whatever was refused, only what fits is shown", (credential) => {
    const others = Object.entries(WORDS).filter(([id]) => id !== platform);
    const foreign = [
      ...others.map(([, words]) => words),
      ...(credential === "xoauth2" ? [FOR_PASSWORDS] : []),
    ];
    const entries = listRemedies()
      .filter((entry) => fits(entry, { service: platform, credential }))
      .filter(({ id }) => (credential === "password" ? OF_MAIL.test(id) : !/^company\./.test(id)));
    const wrong = contextsOf(mail, credential).flatMap((context) =>
      entries.flatMap((entry) => faultsOf(entry, context, foreign)),
    );
    expect([...new Set(wrong)]).toEqual([]);
  });

  test("every reply is told by an entry of this service, or of any", () => {
    const sandbox = SERVER_REPLIES.map(({ place, turns }) => [place, turns.at(-1) ?? ""] as const);
    for (const [protocol, reply] of [...sandbox, ...GMAIL_REPLIES])
      for (const credential of credentials)
        for (const stage of STAGES) {
          const context = { protocol, stage, credential, service: platform };
          const { remedyId } = refusalRemedy(reply.replace("{tag}", "1"), context);
          expect(fits(findRemedy(remedyId), context), `${reply}: ${remedyId}`).toBe(true);
        }
  });
});

test.each(GMAIL_REPLIES)("Gmail says over %s: %s", (protocol, reply, remedyId) => {
  const refused = { stage: "authenticate", credential: "xoauth2", service: "google" } as const;
  expect(refusalRemedy(reply, { ...refused, protocol }).remedyId).toBe(remedyId);
});
