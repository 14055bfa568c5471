import { expect, test } from "vitest";
import { FIRST_SERVICE } from "@/lib/oauth/schema";
import { compareReports } from "./compare";
import { reportText, serverSaid } from "./report-text";
import type { ConnectionReport, ProtocolReport, StageReport, TokenSummary } from "./schema";

type Found = Pick<StageReport, "detail" | "facts">;
const stage = (name: StageReport["stage"], durationMs: number, found: Found = {}): StageReport => ({
  protocol: "imap",
  stage: name,
  status: "ok",
  durationMs,
  ...found,
});
const address = (text: string): Found => ({ detail: text, facts: { address: text } });
const tls = (tlsVersion: string): Found => ({ detail: tlsVersion, facts: { tlsVersion } });
const greeting = (...mechanisms: string[]): Found => ({
  detail: `The service is ready. · ${mechanisms.join(" ")}`,
  facts: { mechanisms },
});

const imap: ProtocolReport = {
  protocol: "imap",
  verdict: "ok",
  user: "alice@contoso.test",
  totalMs: 100,
  stages: [
    stage("connect", 10, address("192.0.2.1")),
    stage("tls", 20, tls("TLSv1.3")),
    stage("greeting", 30, greeting("PLAIN", "XOAUTH2")),
    stage("authenticate", 60),
  ],
};
const token: TokenSummary = {
  service: FIRST_SERVICE,
  audience: "https://outlook.office.com",
  scopes: ["IMAP.AccessAsUser.All", "SMTP.Send"],
  roles: [],
  user: "alice@contoso.test",
  expiresAt: "2026-11-25T12:00:00.000Z",
  scopeHost: "https://outlook.office.com",
};
const good: ConnectionReport = {
  username: "alice@contoso.test",
  emailAddress: "alice@contoso.test",
  protocols: [imap],
  token,
};
const now = (changes: Partial<ProtocolReport>): ConnectionReport => ({
  ...good,
  protocols: [{ ...imap, ...changes }],
});
const replaced = (...changed: StageReport[]): StageReport[] =>
  imap.stages.map((each) => changed.find((other) => other.stage === each.stage) ?? each);

test("two that are alike differ in nothing, however the clock and the token's end moved", () => {
  const later = { ...token, expiresAt: "2026-11-26T12:00:00.000Z" };
  expect(compareReports({ ...good, token: later }, good)).toEqual([]);
});

test("verdict, address, TLS, mechanisms, user and times are told", () => {
  const differing = now({
    verdict: "failed",
    user: "sales@contoso.test",
    stages: replaced(
      stage("connect", 30, address("192.0.2.7")),
      stage("tls", 20, tls("TLSv1.2")),
      stage("greeting", 250, greeting("XOAUTH2")),
    ),
  });
  expect(compareReports(differing, good)).toEqual([
    { what: "IMAP verdict", before: "ok", now: "failed" },
    { what: "IMAP signs in as", before: "alice@contoso.test", now: "sales@contoso.test" },
    { what: "IMAP address", before: "192.0.2.1", now: "192.0.2.7" },
    { what: "IMAP TLS", before: "TLSv1.3", now: "TLSv1.2" },
    { what: "IMAP mechanisms", before: "PLAIN XOAUTH2", now: "XOAUTH2" },
    { what: "IMAP, greeting and capabilities", before: "30 ms", now: "250 ms" },
  ]);
});

test("nothing is read out of the words of a stage, which are the server's as well", () => {
  const words = "TLSv1.2 · XOAUTH2";
  const stages = imap.stages.map(({ facts: _, ...each }) => ({ ...each, detail: words }));
  expect(compareReports(now({ stages }), good)).toEqual([]);
});

test("the text for a colleague has the stages, the transcript, the token and the comparison", () => {
  const transcript = [{ by: "client", ms: 12, text: "2 STATUS INBOX (MESSAGES)" } as const];
  const text = reportText({
    name: "Support",
    emailAddress: "alice@contoso.test",
    startedAt: new Date("2026-11-25T10:00:00Z"),
    protocols: [{ ...imap, transcript }],
    token: [{ what: "SMTP permission", needs: "SMTP.Send", has: "Mail.Read", isMet: false }],
    isTokenFresh: false,
    comparison: {
      goodAt: new Date("2026-11-24T10:00:00Z"),
      differences: [{ what: "IMAP TLS", before: "TLSv1.3", now: "TLSv1.2" }],
    },
  });
  for (const line of [
    "  ok       Secure the connection, 20 ms, TLSv1.3",
    "      12 ms  C:  2 STATUS INBOX (MESSAGES)",
    "  MISSING  SMTP permission: needs SMTP.Send, has Mail.Read",
    "  IMAP TLS: TLSv1.3 before, TLSv1.2 now",
  ])
    expect(text.split("\n")).toContain(line);
});

test.each([
  [
    "AUTHENTICATIONFAILED",
    "NO [AUTHENTICATIONFAILED] Invalid",
    "NO [AUTHENTICATIONFAILED] Invalid",
  ],
  ["535 5.7.3", "535 5.7.3 Authentication unsuccessful", "535 5.7.3 Authentication unsuccessful"],
  ["ECONNRESET", undefined, "ECONNRESET"],
  [undefined, undefined, undefined],
])("%s of %j is quoted once", (code, serverText, quoted) => {
  const said = { ...(code && { code }), ...(serverText && { serverText }) };
  const failure = { remedyId: "imap.bye", retryable: false, ...said };
  expect(serverSaid({ failure })).toBe(quoted);
});
