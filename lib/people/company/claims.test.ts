import { describe, expect, test } from "vitest";
import { type Demands, readClaim, requireOwnPeople, roleOf, somebodyOf } from "./claims";

const ISSUER = "https://id.contoso.test";
const TENANT = "11111111-1111-4111-8111-111111111111";
const OTHER_TENANT = "22222222-2222-4222-8222-222222222222";
const NOBODY = { administrator: [], operator: [], auditor: [], viewer: [] };
const demands: Demands = {
  preset: "other",
  issuer: ISSUER,
  pinned: [],
  roleClaim: "groups",
  roleValues: { ...NOBODY, administrator: ["admins"], viewer: ["everybody"] },
  defaultRole: null,
  requiredAmr: null,
};
const claims = (more: object = {}) => ({ iss: ISSUER, sub: "1", ...more });
const remedy = (work: () => unknown) => {
  try {
    work();
    return null;
  } catch (error) {
    return Object(error).remedyId;
  }
};

describe("people of another company", () => {
  const entra: Demands = { ...demands, preset: "entra", pinned: [TENANT] };
  const workspace: Demands = { ...demands, preset: "workspace", pinned: ["contoso.com"] };

  test.each<[string, object, Demands, string | null]>([
    ["of the tenant come", { tid: TENANT }, entra, null],
    ["of another tenant do not", { tid: OTHER_TENANT }, entra, "company.tenant_foreign"],
    ["of no tenant do not", {}, entra, "company.tenant_foreign"],
    ["of the domain come", { hd: "contoso.com" }, workspace, null],
    ["of another domain do not", { hd: "evil.example" }, workspace, "company.domain_foreign"],
    [
      "with a personal account do not, whatever its address",
      { email: "a@contoso.com" },
      workspace,
      "company.domain_foreign",
    ],
    [
      "of a tenant beside an issuer that was typed by hand do not",
      { iss: `https://login.test/${TENANT}/v2.0`, tid: OTHER_TENANT },
      { ...demands, issuer: `https://login.test/${TENANT}/v2.0` },
      "company.tenant_foreign",
    ],
  ])("%s", (...[, more, asked, expected]) => {
    expect(remedy(() => requireOwnPeople(claims(more), asked))).toBe(expected);
  });

  test("without the second factor that is required do not come", () => {
    const asked = { ...demands, requiredAmr: "mfa" };
    expect(remedy(() => requireOwnPeople(claims({ amr: ["pwd", "mfa"] }), asked))).toBeNull();
    for (const amr of [["pwd"], [], undefined, 1])
      expect(remedy(() => requireOwnPeople(claims({ amr }), asked))).toBe("company.amr_missing");
  });
});

describe("the role", () => {
  test("is the highest that a value gives", () => {
    expect(roleOf(claims({ groups: ["everybody", "admins"] }), demands)).toBe("administrator");
    expect(roleOf(claims({ groups: "everybody" }), demands)).toBe("viewer");
  });

  test("of who maps to nothing is the default, or none", () => {
    expect(roleOf(claims({ groups: [] }), { ...demands, defaultRole: "viewer" })).toBe("viewer");
    expect(remedy(() => roleOf(claims({ groups: ["x"] }), demands))).toBe("company.no_role");
  });

  test("is never the default where the claim is missing", () => {
    const lenient = { ...demands, defaultRole: "viewer" } as const;
    for (const groups of [undefined, null, 7, {}, [{ name: "ops" }], [7], [["ops"]]])
      expect(remedy(() => roleOf(claims({ groups }), lenient))).toBe("company.claim_missing");
    const elsewhere = { _claim_names: { groups: "src1" } };
    expect(remedy(() => roleOf(claims(elsewhere), lenient))).toBe("company.groups_overflow");
  });

  test("is not the company's to say where nothing is mapped", () => {
    expect(roleOf(claims({ groups: ["admins"] }), { ...demands, roleValues: NOBODY })).toBeNull();
  });

  test("may be at the end of a path, or of a name with dots", () => {
    const nested = claims({ realm_access: { roles: ["admins"] }, "https://x.test/roles": ["a"] });
    expect(readClaim(nested, "realm_access.roles")).toEqual(["admins"]);
    expect(readClaim(nested, "https://x.test/roles")).toEqual(["a"]);
    for (const path of ["__proto__", "constructor.name", "realm_access.roles.length", ""])
      expect(readClaim(nested, path)).toBeUndefined();
  });
});

test("somebody is issuer and subject; the address is to show", () => {
  const who = somebodyOf(claims({ preferred_username: "ada@contoso.test", name: "Ada", oid: "o" }));
  expect(who).toMatchObject({ issuer: ISSUER, subject: "1", objectId: "o", name: "Ada" });
  expect(who.email).toBe("ada@contoso.test");
  expect(somebodyOf(claims()).email).toBeNull();
});

describe("a name that nobody could read", () => {
  const nameOf = (name: unknown, changes = {}) =>
    somebodyOf(claims({ email: "ada@contoso.test", name, ...changes })).name;

  test("is replaced by the address", () => {
    for (const name of ["  ", "\u202etset.x@nimda", "\u200b", `e${"\u0301".repeat(80)}`, 7]) {
      expect(nameOf(name)).toBe("ada@contoso.test");
      expect(nameOf(name, { email: undefined, preferred_username: name })).not.toBe(name);
    }
  });
});
