import { describe, expect, test } from "vitest";
import { PROTOCOLS } from "@/lib/egress/protocols/schema";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { conclude } from "./conclusion";
import type { ExplainedProtocol } from "./schema";

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
const NO_ACCESS = findRemedy("imap.no_full_access").title;
const TIMEOUT = findRemedy("tcp.timeout").title;
const BROKEN = findRemedy("tls.interrupted").title;

describe("the conclusion of", () => {
  const SAME = "does not work either, for the same reason";
  const OTHER = "does not work either, for another reason";
  test.each([
    ["ok ok ok", "IMAP, SMTP and POP3 work."],
    ["tcp.timeout tcp.timeout tcp.timeout", TIMEOUT],
    ["ok ok tcp.timeout", `POP3: ${TIMEOUT} IMAP and SMTP work.`],
    [
      "imap.authenticate_failed smtp.auth_disabled_mailbox pop3.authentication_failure",
      `${REFUSED} SMTP and POP3 do not work either, for other reasons.`,
    ],
    [
      "imap.no_full_access smtp.auth_disabled_mailbox pop3.no_full_access",
      `${NO_ACCESS} POP3 ${SAME}; SMTP ${OTHER}.`,
    ],
    ["tls.interrupted mail.connection_lost tls.interrupted", `${BROKEN} SMTP ${SAME}.`],
    ["ok aborted aborted", "The test was stopped. IMAP works."],
    ["ok skipped skipped", "IMAP works. No SMTP or POP3 server."],
    ["imap.authenticate_failed skipped ok", `${REFUSED} POP3 works. No SMTP server.`],
  ])("%s", (outcomes, text) => expect(conclude(reports(...outcomes.split(" "))).text).toBe(text));

  test("every combination is at most three sentences and names what works", () => {
    const outcomes = ["ok", "skipped", "token.expired", "smtp.refused", "tcp.timeout"];
    for (const imap of outcomes)
      for (const smtp of outcomes)
        for (const pop3 of outcomes) {
          const { text } = conclude(reports(imap, smtp, pop3));
          expect(text).toMatch(/^[^.]+\.(?: [^.]+\.){0,2}$/);
          expect(/\bworks?\b/.test(text.replace(/not work/g, ""))).toBe(
            [imap, smtp, pop3].includes("ok"),
          );
        }
  });
});

const stepsOf = (...outcomes: string[]) => conclude(reports(...outcomes)).steps;

test("the next step is told of each cause, the widest first, with what it stops", () => {
  const steps = stepsOf("tcp.timeout", "smtp.auth_disabled_mailbox", "tcp.timeout");
  expect(steps.map(({ title }) => title)).toEqual([`IMAP and POP3: ${TIMEOUT}`, SMTP_OFF]);
  expect(steps[1]?.command?.text).toContain("'sales@contoso.test'");
});

test("the next step is of what somebody has to mend before what may pass by itself", () => {
  const [next] = stepsOf("tcp.timeout", "ok", "pop3.authentication_failure");
  expect(next?.remedyId).toBe("pop3.authentication_failure");
});
