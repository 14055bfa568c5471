import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainRefusal, readTokenClaims, tokenNeeds } from "./token-claims";

const NOW = new Date("2026-11-25T12:00:00Z");
const LATER = NOW.getTime() / 1000 + 3600;
const GOOD = {
  aud: "https://outlook.office.com",
  scp: "IMAP.AccessAsUser.All POP.AccessAsUser.All SMTP.Send",
  upn: "alice@contoso.test",
  exp: LATER,
  tid: "tenant",
};

describe("claims", () => {
  test("are read from an access token", () => {
    expect(readTokenClaims(jwt(GOOD))).toEqual({
      audience: "https://outlook.office.com",
      scopes: ["IMAP.AccessAsUser.All", "POP.AccessAsUser.All", "SMTP.Send"],
      roles: [],
      user: "alice@contoso.test",
      expiresAt: new Date(LATER * 1000),
      tenantId: "tenant",
    });
  });

  test("are read from lists, other names and with parts missing or of a wrong kind", () => {
    const claims = { aud: ["x", "y"], scp: ["a", "b"], roles: "r", unique_name: "u", exp: "soon" };
    expect(readTokenClaims(jwt(claims))).toEqual({
      audience: "x",
      scopes: ["a", "b"],
      roles: ["r"],
      user: "u",
      expiresAt: undefined,
      tenantId: undefined,
    });
    expect(readTokenClaims(jwt({ preferred_username: "p" }))?.user).toBe("p");
  });

  test("are read from a token of 16 KiB, and not from a longer one", () => {
    const claims = { ...GOOD, filler: "x".repeat(11_000) };
    expect(readTokenClaims(jwt(claims))?.user).toBe("alice@contoso.test");
    expect(readTokenClaims(jwt({ ...GOOD, filler: "x".repeat(17_000) }))).toBeUndefined();
  });

  test.each([
    "",
    "opaque",
    "a.b",
    "a.b.c",
    `a.${"!".repeat(9)}.c`,
    "EwBAAl3BAAUF",
    jwt(null),
    jwt([1]),
  ])("are none in %j", (token) => {
    const claims = readTokenClaims(token);
    expect(claims?.audience).toBeUndefined();
    expect(claims?.scopes ?? []).toEqual([]);
  });

  test("never make reading fail, whatever the token is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue().map(jwt)), (token) => {
        readTokenClaims(token);
      }),
    );
  });
});

describe("a refusal", () => {
  test.each([
    ["of an expired token", { exp: NOW.getTime() / 1000 - 1 }, "imap", "token.expired"],
    ["of a Graph token", { aud: "https://graph.microsoft.com" }, "imap", "token.wrong_audience"],
    ["of a token without audience", { aud: undefined }, "imap", "token.wrong_audience"],
    ["without IMAP", { scp: "SMTP.Send" }, "imap", "token.missing_scope_imap"],
    ["without POP3", { scp: "SMTP.Send" }, "pop3", "token.missing_scope_pop"],
    ["without SMTP", { scp: "IMAP.AccessAsUser.All" }, "smtp", "token.missing_scope_smtp"],
    ["without any scope", { scp: undefined }, "smtp", "token.missing_scope_smtp"],
    ["of another person's token", { upn: "mallory@contoso.test" }, "imap", "token.other_user"],
    ["of a right token", {}, "imap", undefined],
    [
      "in other letters",
      { upn: "ALICE@contoso.test", scp: "imap.accessasuser.all" },
      "imap",
      undefined,
    ],
    ["with the other resource", { aud: "https://OUTLOOK.office365.com/" }, "smtp", undefined],
    [
      "with Exchange's application id",
      { aud: "00000002-0000-0ff1-ce00-000000000000" },
      "pop3",
      undefined,
    ],
    [
      "with scopes that name their resource",
      { scp: "https://outlook.office.com/SMTP.Send" },
      "smtp",
      undefined,
    ],
    [
      "of an app-only token",
      { scp: undefined, upn: undefined, roles: ["SMTP.SendAsApp"] },
      "smtp",
      undefined,
    ],
  ] as const)("%s is explained", (...[, changes, protocol, remedyId]) => {
    expect(explain({ ...GOOD, ...changes }, protocol)).toBe(remedyId);
  });

  test("of a national cloud's token is judged by that cloud's resource", () => {
    const claims = { ...GOOD, aud: "https://outlook.office365.us" };
    expect(explain(claims, "imap")).toBe("token.wrong_audience");
    expect(explain(claims, "imap", "https://outlook.office365.us")).toBeUndefined();
  });

  test("over SMTP points out that the user name is not the owner of the token", () => {
    const claims = readTokenClaims(jwt(GOOD));
    if (!claims) throw new Error("The token has claims.");
    const shared = {
      scopeHost: GOOD.aud,
      user: "shared@contoso.test",
      mailbox: GOOD.upn,
      now: NOW,
    };
    expect(explainRefusal({ ...shared, claims, protocol: "smtp" })).toBe("token.other_user");
    expect(explainRefusal({ ...shared, claims, protocol: "imap" })).toBeUndefined();
  });
});

function explain(payload: object, protocol: "imap" | "smtp" | "pop3", scopeHost = GOOD.aud) {
  const claims = readTokenClaims(jwt(payload));
  if (!claims) throw new Error("The token has claims.");
  return explainRefusal({
    claims,
    protocol,
    scopeHost,
    user: GOOD.upn,
    mailbox: GOOD.upn,
    now: NOW,
  });
}

function jwt(payload: unknown): string {
  const encoded = Buffer.from(JSON.stringify(payload)).toString("base64url");
  return `eyJhbGciOiJSUzI1NiJ9.${encoded}.c2lnbmF0dXJl`;
}

describe("a token in words", () => {
  const needs = (claims: object, changes: { login?: string; tenantId?: string } = {}) => {
    const read = readTokenClaims(jwt(claims));
    if (!read) throw new Error("These are claims.");
    const { login = "Alice@contoso.test", tenantId = null } = changes;
    const protocols = ["imap", "smtp", "pop3"] as const;
    const scopeHost = "https://outlook.office.com";
    return tokenNeeds({ claims: read, protocols, scopeHost, login, tenantId, at: NOW });
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
    expect(missing({ ...rest, roles })).toEqual([
      "SMTP permission: IMAP.AccessAsApp POP.AccessAsApp",
    ]);
  });

  test("of another tenant is told, where the registration is of one", () => {
    const tenantId = "11111111-2222-3333-4444-555555555555";
    expect(missing(GOOD, { tenantId })).toEqual(["Tenant: tenant"]);
    expect(missing(GOOD, { tenantId: "organizations" })).toEqual([]);
    expect(missing({ ...GOOD, tid: tenantId }, { tenantId })).toEqual([]);
  });
});
