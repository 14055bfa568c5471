import { describe, expect, test } from "vitest";
import { MICROSOFT_MAIL_TOKENS } from "@/lib/oauth/microsoft/mail-tokens";
import { GOOD, jwt, LATER, NOW } from "@/lib/testing/access-token";
import { explainRefusal } from "./token-refusal";

const { read } = MICROSOFT_MAIL_TOKENS;

const EXCHANGE = "00000002-0000-0ff1-ce00-000000000000";
const NOBODY = { scp: undefined, upn: undefined };

describe("a refusal", () => {
  test.each([
    ["of an expired token", { exp: NOW.getTime() / 1000 - 1 }, "imap", "token.expired"],
    ["of a Graph token", { aud: "https://graph.microsoft.com" }, "imap", "token.wrong_audience"],
    ["of a token without audience", { aud: undefined }, "imap", "token.wrong_audience"],
    ["without IMAP", { scp: "SMTP.Send" }, "imap", "token.missing_scope_imap"],
    ["without POP3", { scp: "SMTP.Send" }, "pop3", "token.missing_scope_pop"],
    ["without any scope", { scp: undefined }, "smtp", "token.missing_scope_smtp"],
    ["of a token of later", { nbf: LATER }, "imap", "token.not_yet_valid"],
    ["of a token of now", { nbf: NOW.getTime() / 1000 }, "imap", undefined],
    ["of another application's token", { appid: "another" }, "imap", "token.other_app"],
    ["of this application's token", { appid: "THIS-APP" }, "pop3", undefined],
    ["of a guest", { upn: "alice_home.test#EXT#@contoso.test" }, "imap", "token.guest"],
    ["of another person's token", { upn: "mallory@contoso.test" }, "imap", "token.other_user"],
    ["of a right token", {}, "imap", undefined],
    ["in other letters", { upn: "ALICE@contoso.test", scp: "smtp.send" }, "smtp", undefined],
    ["with the other resource", { aud: "https://OUTLOOK.office365.com/" }, "smtp", undefined],
    ["with Exchange's application id", { aud: EXCHANGE }, "pop3", undefined],
    ["with scopes of a resource", { scp: `${GOOD.aud}/SMTP.Send` }, "smtp", undefined],
    ["of an app-only token", { ...NOBODY, roles: ["SMTP.SendAsApp"] }, "smtp", undefined],
  ] as const)("%s is explained", (...[, changes, protocol, remedyId]) => {
    expect(explain({ ...GOOD, ...changes }, protocol)).toBe(remedyId);
  });

  test("of a national cloud's token is judged by that cloud's resource", () => {
    const claims = { ...GOOD, aud: "https://outlook.office365.us" };
    expect(explain(claims, "imap")).toBe("token.wrong_audience");
    expect(explain(claims, "imap", "https://outlook.office365.us")).toBeUndefined();
  });

  test.each([
    ["imap", "token.missing_role_imap"],
    ["pop3", "token.missing_role_pop"],
    ["smtp", "token.missing_role_smtp"],
  ] as const)("of an application without the role for %s is explained", (protocol, remedyId) => {
    for (const roles of [undefined, ["Mail.Send"]]) {
      const claims = read(jwt({ ...GOOD, ...NOBODY, roles }));
      expect(explainRefusal({ ...REFUSAL, claims, protocol, isAppOnly: true })).toBe(remedyId);
    }
  });

  test("over SMTP points out that the user name is not the owner of the token", () => {
    const claims = read(jwt(GOOD));
    const shared = { ...REFUSAL, claims, user: "shared@contoso.test" };
    expect(explainRefusal({ ...shared, protocol: "smtp" })).toBe("token.other_user");
    expect(explainRefusal({ ...shared, protocol: "imap" })).toBeUndefined();
  });

  test("with a cause of its own is not explained away", () => {
    const claims = read(jwt({ ...GOOD, scp: "nothing" }));
    for (const remedyId of ["smtp.auth_disabled_tenant", "mail.temporary", "mail.throttled"])
      expect(explainRefusal({ ...REFUSAL, claims, protocol: "smtp", remedyId })).toBeUndefined();
  });

  test("of an opaque token is explained where tokens can be read", () => {
    const opaque = { ...REFUSAL, claims: undefined };
    expect(explainRefusal(opaque)).toBe("token.unreadable");
    expect(explainRefusal({ ...opaque, isReadable: false })).toBeUndefined();
  });

  test.each([
    ["pop3", "pop3.protocol_error", 4_096, undefined],
    ["pop3", "pop3.protocol_error", 4_097, "token.too_long"],
    ["pop3", "pop3.authentication_failure", 4_097, undefined],
    ["imap", "imap.bad_command", 5_000, undefined],
    ["imap", "mail.connection_lost", 12_289, "token.too_long"],
    ["smtp", "smtp.auth_disabled_tenant", 12_289, undefined],
  ] as const)("of %s that ends as %s with %i characters is %s", (...row) => {
    const [protocol, remedyId, tokenLength, expected] = row;
    const claims = read(jwt(GOOD));
    const refusal = { ...REFUSAL, claims, protocol, remedyId, tokenLength };
    expect(explainRefusal(refusal)).toBe(expected);
  });
});

const REFUSAL = {
  tokens: MICROSOFT_MAIL_TOKENS,
  tokenLength: 1_000,
  protocol: "imap",
  remedyId: "imap.authenticate_failed",
  scopeHost: GOOD.aud,
  user: GOOD.upn,
  mailbox: GOOD.upn,
  isAppOnly: false,
  clientId: "this-app",
  isReadable: true,
  now: NOW,
} as const;

function explain(payload: object, protocol: "imap" | "smtp" | "pop3", scopeHost = GOOD.aud) {
  const claims = read(jwt(payload));
  return explainRefusal({ ...REFUSAL, claims, protocol, scopeHost });
}
