import dns from "node:dns/promises";
import { describe, expect, test, vi } from "vitest";
import { SERVER_REPLIES } from "@/e2e/sandbox/mail/server-replies";
import { EgressRefusal } from "@/lib/egress/policy";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { probing } from "@/lib/testing/egress";
import { classifyMailError } from "./mail-errors";
import { probePop3 } from "./pop3";
import { ServerRefusal } from "./probe-failure";
import { type FailureContext, TIMEOUT_REMEDY } from "./stage-order";

const AT_MICROSOFT = { service: "microsoft_azure", credential: "xoauth2" } as const;
const CONTEXT: FailureContext = { ...AT_MICROSOFT, protocol: "imap", stage: "connect" };

describe("an error of Node", () => {
  test.each([
    ["ENOTFOUND", "dns.not_found", false],
    ["EAI_AGAIN", "dns.temporary", true],
    ["ETIMEDOUT", "tcp.timeout", true],
    ["ENETUNREACH", "tcp.unreachable", true],
    ["CERT_NOT_YET_VALID", "tls.not_yet_valid", false],
    ["SELF_SIGNED_CERT_IN_CHAIN", "tls.untrusted_issuer", false],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "tls.too_old", false],
    ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "tls.handshake_failed", false],
    ["SOMETHING_NEW", "postkey.unexpected", false],
  ])("%s is %s", (code, remedyId, retryable) => {
    const error = Object.assign(new Error("secret in a message"), { code });
    expect(classifyMailError(error, CONTEXT)).toEqual({ remedyId, retryable, code });
  });

  test("tells a name that does not exist, on the real resolver", async () => {
    const endpoint = { ...ENDPOINT, host: "nowhere.invalid" };
    const report = await probePop3({ ...INPUT, endpoint });
    expect(report.failure?.remedyId).toMatch(/^dns\./);
    expect(report.stages[0]).toMatchObject({ stage: "resolve", status: "failed" });
  });

  test("tells a resolver that does not answer", async () => {
    const lookup = vi.spyOn(dns, "lookup").mockReturnValue(new Promise(() => {}));
    const asked = { ...INPUT, deadlineMs: 50, endpoint: { ...ENDPOINT, host: "silent.invalid" } };
    const report = await probePop3(asked).finally(() => lookup.mockRestore());
    expect(report.failure).toEqual({ remedyId: "dns.timeout", retryable: true });
  });

  test("tells a port that nobody listens on, on a real socket", async () => {
    const report = await probePop3({ ...INPUT, endpoint: ENDPOINT });
    const refused = { remedyId: "tcp.refused", retryable: true, code: "ECONNREFUSED" };
    expect(report.failure).toEqual(refused);
    const statuses = report.stages.map(({ status }) => status);
    expect(statuses).toEqual(["ok", "failed", ...Array.from({ length: 5 }, () => "skipped")]);
  });
});

test.each([
  ["PORT_REFUSED", "egress.port_refused"],
  ["PRIVATE_ADDRESS", "egress.private_address"],
] as const)("what egress does not connect to (%s) is %s", (code, remedyId) => {
  const failure = classifyMailError(new EgressRefusal(code), { ...CONTEXT, stage: "resolve" });
  expect(failure).toEqual({ remedyId, retryable: false });
});

const STAGES = {
  greeting: "greeting",
  authenticate: "authenticate",
  open: "mailbox",
  sender: "sender",
  data: "sender",
} as const;

/** Every refusal that a mail server is known to give, word for word. */
test.each(
  SERVER_REPLIES.filter(({ at, id }) => at !== "greeting" && at !== "data" && !/:token\./.test(id)),
)("$id", ({ id, place, at, turns }) => {
  const [, , , remedyId = ""] = id.split(":");
  const stage = STAGES[at];
  const isOfPassword = /^(?:password\.|(?:imap|smtp)\.basic_auth|imap\.login_disabled)/.test(
    remedyId,
  );
  const credential = isOfPassword ? "password" : "xoauth2";
  const reply = (turns.at(-1) ?? "").replace("{tag}", "4");
  const context = { ...AT_MICROSOFT, protocol: place, stage, credential } as const;
  expect(classifyMailError(new ServerRefusal(reply), context).remedyId).toBe(remedyId);
});

test.each([
  [
    "430 4.2.0 STOREDRV; mailbox logon failure; MapiExceptionMailboxInTransit",
    "mail.mailbox_moving",
  ],
  ["430 4.2.0 STOREDRV; mailbox logon failure", "smtp.not_connected"],
  [
    "538 5.7.11 Encryption required for requested authentication mechanism",
    "smtp.auth_not_offered",
  ],
])("over SMTP %j is %s", (reply, remedyId) => {
  const context = { ...CONTEXT, protocol: "smtp", stage: "authenticate" } as const;
  expect(classifyMailError(new ServerRefusal(reply), context).remedyId).toBe(remedyId);
});

test.each([
  ["connect", "tls.interrupted"],
  ["tls", "tls.interrupted"],
  ["authenticate", "mail.connection_lost"],
] as const)(
  "a connection that breaks at the stage %s is %s, and may be the network's",
  (stage, id) => {
    const error = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    expect(classifyMailError(error, { ...CONTEXT, stage }).remedyId).toBe(id);
    const timedOut = Object.values(TIMEOUT_REMEDY).filter((each) => each === "tls.timeout");
    for (const remedyId of [id, "mail.deadline", ...timedOut])
      expect(fillRemedy(findRemedy(remedyId), {}).steps.join(" "), remedyId).toMatch(
        /firewalls.*MTU/,
      );
  },
);

describe("a refusal", () => {
  test.each([
    ["535-5.7.8 two\r\n535 5.7.8 lines", "535 5.7.8"],
    ["421 busy", "421"],
    ["4 NO [AUTHENTICATIONFAILED] no", "AUTHENTICATIONFAILED"],
    ["-ERR [SYS/TEMP] later", "SYS/TEMP"],
    ["-ERR no", "-ERR"],
    ["nonsense", undefined],
  ])("%j has the code %j", (reply, code) => {
    expect(classifyMailError(new ServerRefusal(reply), CONTEXT).code).toBe(code);
  });

  test.each([
    ["imap", "a7 NO [AUTHENTICATIONFAILED] no", "NO [AUTHENTICATIONFAILED] no"],
    ["imap", "* BYE NO luck", "* BYE NO luck"],
    ["smtp", "535 NO entry", "535 NO entry"],
  ] as const)("of %s is shown without a tag: %j", (protocol, reply, shown) => {
    const refusal = classifyMailError(new ServerRefusal(reply), { ...CONTEXT, protocol });
    expect(refusal.serverText).toBe(shown);
  });
});

test.each([undefined, "text", {}, new Error("secret")])(
  "%j is unexpected, and says nothing",
  (error) => {
    const unexpected = { remedyId: "postkey.unexpected", retryable: false };
    expect(classifyMailError(error, CONTEXT)).toEqual(unexpected);
  },
);

const ENDPOINT = { host: "127.0.0.1", port: 1, tls: "implicit" } as const;
const INPUT = {
  ...probing(""),
  credential: () => Promise.reject(new Error("never asked")),
};
