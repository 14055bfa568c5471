import { describe, expect, test } from "vitest";
import { SERVER_REPLIES } from "@/e2e/sandbox/mail/server-replies";
import { mailHouse, SERVICES } from "@/lib/mail/houses/schema";
import { refusalRemedy } from "@/lib/mail/refusals";
import { fillRemedy, findRemedy, fits, listRemedies } from "./catalogue";
import type { RemedyContext, RepairObject } from "./remedy";

/** What belongs to a service, in words, commands and links. */
const WORDS = {
  microsoft_azure:
    /Microsoft|Exchange|Entra\b|Azure|Outlook|Office 365|PowerShell|SMTP AUTH|Full Access|Send As\b|Conditional Access|AccessAs|SMTP\.Send/,
  google: /Google|Gmail|Workspace/,
} as const;

/** What servers of Google say; those of Microsoft and of others are the sandbox's. */
const OF_GMAIL = [
  [
    "imap",
    "1 NO [ALERT] IMAP access is disabled for your domain. Please contact your domain administrator for questions about this feature. (Failure)",
    "gmail.off_for_domain",
  ],
  [
    "imap",
    "1 NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access. (Failure)",
    "gmail.off_for_mailbox",
  ],
  [
    "imap",
    "1 NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)",
    "gmail.bandwidth",
  ],
  [
    "imap",
    "1 NO [WEBALERT https://accounts.google.com/signin/continue?x=1] Web login required. (Failure)",
    "gmail.web_login",
  ],
  ["imap", "1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "gmail.token_refused"],
  [
    "pop3",
    "-ERR [SYS/PERM] Your account is not enabled for POP access. Please visit your Gmail settings page.",
    "gmail.off_for_mailbox",
  ],
  ["pop3", "-ERR [AUTH] Username and password not accepted.", "gmail.token_refused"],
  [
    "smtp",
    "535-5.7.8 Username and Password not accepted.\r\n535 5.7.8 https://support.google.com/mail/?p=BadCredentials",
    "gmail.token_refused",
  ],
  [
    "smtp",
    "534-5.7.14 <https://accounts.google.com/signin/continue?x> Please log in via your web browser and\r\n534-5.7.14 then try again.",
    "gmail.web_login",
  ],
  ["smtp", "454 4.7.0 Too many login attempts, please try again later.", "mail.throttled"],
  [
    "smtp",
    "454 4.7.0 Cannot authenticate due to temporary system problem. Try again later.",
    "mail.temporary",
  ],
  ["smtp", "550 5.4.5 Daily user sending limit exceeded.", "gmail.sending_limit"],
] as const;

const STAGES = ["greeting", "authenticate", "mailbox", "sender"] as const;
const KINDS = [
  { credential: "xoauth2", grants: ["delegated", "app_only", "domain_wide", "device_code"] },
  { credential: "password", grants: [undefined] },
] as const;

const takesTokens = (platform: string | null) => platform !== null;

describe.each(SERVICES)("at %s", (house) => {
  const { platform, hostsAt } = mailHouse(house);
  const foreign = Object.entries(WORDS).flatMap(([id, words]) => (id === platform ? [] : [words]));

  /** With every value known, for the one who signs in, for another's mailbox, and for many. */
  const contexts = (grant: string | undefined): RemedyContext[] => {
    const provider = grant && { id: "p1", grant, credentialKind: "client_secret" };
    const shared = { hostsAt, service: platform, ...(provider && { provider }) };
    const account = { id: "a1", username: "alice@contoso.test", isDelegate: true };
    const objects: RepairObject[] = [
      { ...shared, account },
      { ...shared, incident: { id: "i1", accounts: 9 } },
      { ...shared, failed: { testRunId: "r1", failedWith: "x" } },
    ];
    const values = {
      mailbox: "support@contoso.test",
      tenantId: "t1",
      clientId: "c1",
      redirectUri: "https://postkey.test/callback",
      portal: "https://portal.test",
      exchange: "https://admin.test",
      host: "mail.test",
      port: 993,
    };
    return objects.flatMap((object) =>
      [values.mailbox, account.username].map((login) => ({ ...values, login, object })),
    );
  };

  const shown = (id: string, context: RemedyContext) => {
    const { title, cause, steps, command, link } = fillRemedy(findRemedy(id), context);
    return [title, cause, ...steps, command?.shell, command?.text, link?.label, link?.url].join(
      "\n",
    );
  };

  test("nothing of another service is shown, whatever was refused", () => {
    const wrong = KINDS.flatMap(({ credential, grants }) => {
      if (credential === "xoauth2" && !takesTokens(platform)) return [];
      const refused = { service: platform, credential };
      const ids = listRemedies()
        .filter((entry) => fits(entry, refused))
        .map(({ id }) => id);
      return grants.flatMap((grant) =>
        contexts(grant).flatMap((context) =>
          ids
            .filter((id) => !id.startsWith("company."))
            .filter((id) => foreign.some((words) => words.test(shown(id, context)))),
        ),
      );
    });
    expect([...new Set(wrong)]).toEqual([]);
  });

  test("every refusal is told by an entry of this service, or of any", () => {
    const said = [
      ...SERVER_REPLIES.map(({ place, turns }) => [place, turns.at(-1) ?? ""] as const),
      ...OF_GMAIL,
    ];
    for (const [protocol, reply] of said)
      for (const { credential } of KINDS)
        for (const stage of STAGES) {
          const context = { protocol, stage, credential, service: platform };
          const { remedyId } = refusalRemedy(reply.replace("{tag}", "1"), context);
          expect(fits(findRemedy(remedyId), context), `${reply}: ${remedyId}`).toBe(true);
        }
  });
});

test.each(OF_GMAIL)("Gmail says over %s: %s", (protocol, reply, remedyId) => {
  const context = {
    protocol,
    stage: "authenticate",
    credential: "xoauth2",
    service: "google",
  } as const;
  expect(refusalRemedy(reply, context).remedyId).toBe(remedyId);
});

test.each(["imap", "smtp", "pop3"] as const)(
  "a token refused over %s gets no advice for passwords",
  (protocol) => {
    for (const service of ["microsoft_azure", "google"])
      for (const { turns } of SERVER_REPLIES) {
        const context = {
          protocol,
          stage: "authenticate",
          credential: "xoauth2",
          service,
        } as const;
        const { remedyId } = refusalRemedy((turns.at(-1) ?? "").replace("{tag}", "1"), context);
        const { steps } = fillRemedy(findRemedy(remedyId), { service });
        expect(steps.join(" "), remedyId).not.toMatch(/Modern Authentication on|app password/);
      }
  },
);
