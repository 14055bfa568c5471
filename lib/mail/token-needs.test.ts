import { describe, expect, test } from "vitest";
import { MICROSOFT_MAIL_TOKENS } from "@/lib/oauth/microsoft/mail-tokens";
import { GOOD, jwt, LATER, NOW } from "@/lib/testing/access-token";
import { type TokenNeeds, tokenNeeds } from "./token-refusal";

describe("a token in words", () => {
  const needs = (claims: object, changes: Partial<TokenNeeds> = {}) => {
    const read = MICROSOFT_MAIL_TOKENS.read(jwt(claims));
    if (!read) throw new Error("These are claims.");
    return tokenNeeds({
      claims: read,
      tokens: MICROSOFT_MAIL_TOKENS,
      protocols: ["imap", "smtp", "pop3"],
      scopeHost: "https://outlook.office.com",
      login: "Alice@contoso.test",
      isAppOnly: false,
      tenantId: null,
      clientId: null,
      at: NOW,
      ...changes,
    });
  };
  const missing = (...asked: Parameters<typeof needs>) =>
    needs(...asked)
      .filter(({ isMet }) => !isMet)
      .map(({ what, has }) => `${what}: ${has}`);

  test("has all that the servers need", () => {
    expect(missing(GOOD)).toEqual([]);
    expect(missing({ ...GOOD, aud: ["00000002-0000-0ff1-ce00-000000000000"] })).toEqual([]);
  });

  test.each([
    [{ ...GOOD, scp: "IMAP.AccessAsUser.All" }, ["SMTP permission", "POP3 permission"]],
    [{ ...GOOD, aud: "https://graph.microsoft.com" }, ["Made for"]],
    [{ ...GOOD, upn: "bob@contoso.test" }, ["Whose"]],
    [{ ...GOOD, exp: NOW.getTime() / 1000 - 1 }, ["Valid until"]],
    [
      {},
      ["Made for", "IMAP permission", "SMTP permission", "POP3 permission", "Whose", "Valid until"],
    ],
  ])("%j lacks %j", (claims, expected) => {
    expect(missing(claims).map((text) => text.replace(/:.*/, ""))).toEqual(expected);
  });

  test("of an application needs roles and no person", () => {
    const { scp: _, upn: __, ...rest } = GOOD;
    const roles = ["IMAP.AccessAsApp", "POP.AccessAsApp"];
    expect(missing({ ...rest, roles }, { isAppOnly: true })).toEqual([]);
    expect(missing(GOOD, { isAppOnly: true })).toEqual(["Whose: alice@contoso.test"]);
    const none = ["IMAP", "POP3"].map((each) => `${each} permission: no permission`);
    expect(missing(rest, { isAppOnly: true })).toEqual(none);
  });

  test("of another application, of a guest, and of later is told as that", () => {
    expect(missing({ ...GOOD, appid: "app" }, { clientId: "APP" })).toEqual([]);
    expect(missing({ ...GOOD, appid: "other" }, { clientId: "app" })).toEqual(["Issued to: other"]);
    const guest = "alice_home.test#EXT#@contoso.test";
    expect(missing({ ...GOOD, upn: guest })).toEqual([`Whose: ${guest}, a guest`]);
    expect(missing({ ...GOOD, nbf: LATER })).toEqual(["Valid from: 2026-11-25T13:00:00.000Z"]);
  });

  test("of another tenant is told, where the registration is of one", () => {
    const tenantId = "11111111-2222-3333-4444-555555555555";
    expect(missing(GOOD, { tenantId })).toEqual(["Tenant: tenant"]);
    expect(missing(GOOD, { tenantId: "organizations" })).toEqual([]);
    expect(missing({ ...GOOD, tid: tenantId }, { tenantId })).toEqual([]);
  });
});
