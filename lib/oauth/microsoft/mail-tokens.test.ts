import { describe, expect, test } from "vitest";
import { GOOD, jwt, LATER } from "@/lib/testing/access-token";
import { reachOf } from "../application-reach";
import { MICROSOFT_MAIL_TOKENS } from "./mail-tokens";

const { read } = MICROSOFT_MAIL_TOKENS;

test("what an application can open is said as its tokens say it", () => {
  const said = (...names: string[]) => reachOf(names.map((name) => ({ name, isGranted: true })));
  expect(said("IMAP.AccessAsApp", "Mail.Send").join()).toMatch(/IMAP: .*role.*grants Mail\.Send/);
  expect(said("SMTP.SendAsApp").join()).toMatch(/^Over SMTP: .*FullAccess.*scope of its roles/);
});

describe("claims", () => {
  test("are read from an access token", () => {
    expect(read(jwt(GOOD))).toEqual({
      audience: "https://outlook.office.com",
      scopes: ["IMAP.AccessAsUser.All", "POP.AccessAsUser.All", "SMTP.Send"],
      roles: [],
      user: "alice@contoso.test",
      expiresAt: new Date(LATER * 1000),
      tenantId: "tenant",
      isGuest: false,
    });
  });

  test("are read from lists, other names and with parts missing or of a wrong kind", () => {
    const claims = { aud: ["x", "y"], scp: ["a", "b"], roles: "r", unique_name: "u", exp: "soon" };
    expect(read(jwt(claims))).toEqual({
      audience: "x",
      scopes: ["a", "b"],
      roles: ["r"],
      user: "u",
      isGuest: false,
    });
    expect(read(jwt({ preferred_username: "p" }))?.user).toBe("p");
  });

  test("are read from a token of 60 KiB, and not from one of more than 64", () => {
    const claims = { ...GOOD, filler: "x".repeat(45_000) };
    expect(read(jwt(claims))?.user).toBe("alice@contoso.test");
    expect(read(jwt({ ...GOOD, filler: "x".repeat(64_000) }))).toBeUndefined();
  });

  test.each([
    [{ unique_name: "alice_home.test#ext#@contoso.test" }, true],
    [{ upn: "alice@contoso.test", acct: 1 }, true],
    [{ upn: "alice@contoso.test", acct: "1" }, false],
  ])("of %j tell whether a guest signed in: %s", (names, isGuest) => {
    expect(read(jwt(names))?.isGuest).toBe(isGuest);
  });

  test.each(["", "a.b", "a.b.c", "EwBAAl3BAAUF", jwt(null)])("are none in %j", (token) => {
    const claims = read(token);
    expect(claims?.audience).toBeUndefined();
    expect(claims?.scopes ?? []).toEqual([]);
  });
});
