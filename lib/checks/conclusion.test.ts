import { describe, expect, test } from "vitest";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { conclude } from "./conclusion";
import { type ExplainedProtocol, PROTOCOLS } from "./schema";

const RETRYABLE = new Set(["tcp.timeout", "mail.temporary", "mail.throttled"]);

/** `ok`, `aborted`, `skipped`, or the id of what it failed with; in the order of PROTOCOLS. */
function reports(...outcomes: string[]): ExplainedProtocol[] {
  return outcomes.map((outcome, index) => {
    const base = { protocol: PROTOCOLS[index] ?? "imap", stages: [], totalMs: 1 };
    if (outcome === "ok" || outcome === "aborted" || outcome === "skipped")
      return { ...base, verdict: outcome };
    const remedy = fillRemedy(findRemedy(outcome), { mailbox: "sales@contoso.test" });
    const failure = { remedyId: outcome, retryable: RETRYABLE.has(outcome) };
    return { ...base, verdict: "failed", failure, remedy };
  });
}

const SMTP_OFF = "Sending over SMTP is switched off for this mailbox.";
const REFUSED = "The IMAP server refused the token.";
const TIMEOUT = findRemedy("tcp.timeout").title;
const NO_ACCESS = findRemedy("imap.no_full_access").title;
const NO_ROLE = findRemedy("token.missing_role_imap").title;
const BROKEN = findRemedy("tls.interrupted").title;
const SILENT = findRemedy("tls.timeout").title;
const NO_RESOLVER = findRemedy("dns.timeout").title;
const EXPIRED = findRemedy("token.expired").title;

describe("the conclusion of", () => {
  const CASES: [imap: string, smtp: string, pop3: string, text: string][] = [
    ["ok", "ok", "ok", "IMAP, SMTP and POP3 work."],
    ["ok", "smtp.auth_disabled_mailbox", "ok", `${SMTP_OFF} IMAP and POP3 work.`],
    ["imap.authenticate_failed", "ok", "ok", `${REFUSED} SMTP and POP3 work.`],
    ["token.expired", "token.expired", "token.expired", EXPIRED],
    ["tcp.timeout", "tcp.timeout", "tcp.timeout", TIMEOUT],
    ["tcp.timeout", "ok", "tcp.timeout", `IMAP and POP3: ${TIMEOUT} SMTP works.`],
    ["ok", "ok", "tcp.timeout", `POP3: ${TIMEOUT} IMAP and SMTP work.`],
    [
      "tcp.timeout",
      "smtp.auth_disabled_mailbox",
      "tcp.timeout",
      `IMAP and POP3: ${TIMEOUT} SMTP does not work either, for another reason.`,
    ],
    [
      "tcp.timeout",
      "smtp.auth_disabled_mailbox",
      "ok",
      `${SMTP_OFF} IMAP does not work either, for another reason; POP3 works.`,
    ],
    [
      "imap.authenticate_failed",
      "smtp.auth_disabled_mailbox",
      "pop3.authentication_failure",
      `${REFUSED} POP3 does not work either, for the same reason; SMTP does not work either, for another reason.`,
    ],
    [
      "imap.no_full_access",
      "smtp.send_as_denied",
      "pop3.no_full_access",
      `${NO_ACCESS} POP3 does not work either, for the same reason; SMTP does not work either, for another reason.`,
    ],
    [
      "imap.no_full_access",
      "ok",
      "pop3.no_full_access",
      `${NO_ACCESS} POP3 does not work either, for the same reason; SMTP works.`,
    ],
    [
      "token.missing_role_imap",
      "token.missing_role_smtp",
      "token.missing_role_pop",
      `${NO_ROLE} SMTP and POP3 do not work either, for the same reason.`,
    ],
    [
      "imap.no_full_access",
      "smtp.auth_disabled_mailbox",
      "tcp.timeout",
      `${NO_ACCESS} SMTP and POP3 do not work either, for other reasons.`,
    ],
    [
      "tls.interrupted",
      "mail.connection_lost",
      "tls.interrupted",
      `${BROKEN} SMTP does not work either, for the same reason.`,
    ],
    [
      "tls.timeout",
      "mail.no_greeting",
      "tls.timeout",
      `${SILENT} SMTP does not work either, for the same reason.`,
    ],
    [
      "dns.timeout",
      "dns.temporary",
      "ok",
      `IMAP: ${NO_RESOLVER} SMTP does not work either, for the same reason; POP3 works.`,
    ],
    ["aborted", "aborted", "aborted", "The test was stopped."],
    ["ok", "aborted", "aborted", "The test was stopped. IMAP works."],
    ["smtp.refused", "aborted", "ok", "The test was stopped. POP3 works."],
    ["ok", "skipped", "skipped", "IMAP works. SMTP and POP3 were not tested."],
    ["skipped", "skipped", "skipped", "IMAP, SMTP and POP3 were not tested."],
    ["imap.authenticate_failed", "skipped", "ok", `${REFUSED} POP3 works; SMTP was not tested.`],
  ];
  test.each(CASES)("%s, %s, %s", (...[imap, smtp, pop3, text]) => {
    expect(conclude(reports(imap, smtp, pop3)).text).toBe(text);
  });

  test("no protocol at all", () => {
    expect(conclude([])).toEqual({ text: "Nothing was tested.", steps: [] });
  });

  test("every combination is one or two sentences and names what works", () => {
    const outcomes = ["ok", "skipped", "token.expired", "smtp.refused", "tcp.timeout"];
    for (const imap of outcomes)
      for (const smtp of outcomes)
        for (const pop3 of outcomes) {
          const { text } = conclude(reports(imap, smtp, pop3));
          expect(text).toMatch(/^[^.]+\.(?: [^.]+\.)?$/);
          expect(/\bworks?\b/.test(text.replace(/not work/g, ""))).toBe(
            [imap, smtp, pop3].includes("ok"),
          );
        }
  });
});

describe("the headline", () => {
  const at = (host: string, index: number, id: string): ExplainedProtocol => {
    const [report] = reports(id);
    const protocol = PROTOCOLS[index] ?? "imap";
    const resolve = { protocol, stage: "resolve", status: "failed", durationMs: 1 } as const;
    if (!report) throw new Error("There is no report.");
    return { ...report, protocol, stages: [{ ...resolve, facts: { host } }] };
  };
  const headlineOf = (id: string, ...hosts: string[]) =>
    conclude(hosts.map((host, index) => at(host, index, id))).text;

  test("names the host that is wrong or silent, and each of them once", () => {
    const [same, other] = ["mail.nosuch.invalid", "smtp.nosuch.invalid"];
    expect(headlineOf("dns.not_found", same, same, same)).toBe(
      "The mail server's name does not exist: mail.nosuch.invalid.",
    );
    expect(headlineOf("dns.not_found", same, other, same)).toBe(
      "The mail server's name does not exist: mail.nosuch.invalid and smtp.nosuch.invalid.",
    );
    expect(headlineOf("tcp.timeout", same, same, same)).toBe(
      "The server is not responding: mail.nosuch.invalid.",
    );
  });

  test("names none where it happened in the mailbox, or the report does not say at which", () => {
    expect(headlineOf("imap.no_full_access", "a.test", "a.test", "a.test")).toBe(NO_ACCESS);
    expect(conclude(reports("tcp.timeout", "tcp.timeout", "tcp.timeout")).text).toBe(TIMEOUT);
  });
});

const stepsOf = (...outcomes: string[]) => conclude(reports(...outcomes)).steps;

describe("the next step", () => {
  test("is told of each cause, the widest first, with what it stops", () => {
    const steps = stepsOf("tcp.timeout", "smtp.auth_disabled_mailbox", "tcp.timeout");
    expect(steps.map(({ title }) => title)).toEqual([`IMAP and POP3: ${TIMEOUT}`, SMTP_OFF]);
    expect(steps[1]?.command?.text).toContain("'sales@contoso.test'");
  });

  test("is the first one of the widest cause, with its command filled in", () => {
    const [next] = stepsOf("ok", "smtp.auth_disabled_mailbox", "ok");
    expect(next).toMatchObject({
      remedyId: "smtp.auth_disabled_mailbox",
      step: "Switch it on with the command below.",
      who: "tenant_administrator",
    });
    expect(next?.command?.text).toContain("'sales@contoso.test'");
  });

  test("has the command of its own step, and not that of another one", () => {
    const [next] = stepsOf("mail.temporary", "smtp.mailbox_full", "pop3.protocol_error");
    expect(next?.step).not.toContain("command below");
    expect(next).not.toHaveProperty("command");
  });

  test("is of what somebody has to mend before what may pass by itself", () => {
    const [next] = stepsOf("tcp.timeout", "ok", "pop3.authentication_failure");
    expect(next?.remedyId).toBe("pop3.authentication_failure");
  });

  test.each([["ok"], ["aborted"], ["skipped"]])("is none when all are %s", (outcome) => {
    expect(stepsOf(outcome, outcome, outcome)).toEqual([]);
  });
});
