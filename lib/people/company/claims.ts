import { z } from "zod";
import { emailAddressSchema, NAME_MAX, nameSchema } from "@/lib/kernel/fields/schema";
import { isLeftOut, isOfOtherTenant } from "@/lib/oauth/openid/claims";
import type { Claims } from "@/lib/oauth/openid/exchange";
import { PRESET_FACTS } from "@/lib/oauth/openid/schema";
import { refusedBy } from "@/lib/remedies/app-error";
import { HIGHEST_FIRST, type Role } from "../roles/schema";
import type { RoleValues } from "./schema";
import type { Company } from "./store";

type Mapping = Pick<Company, "roleClaim" | "roleValues" | "defaultRole">;
export type Demands = Mapping & Pick<Company, "preset" | "issuer" | "pinned" | "requiredAmr">;

export type Somebody = {
  issuer: string;
  subject: string;
  tenantId: string | null;
  objectId: string | null;
  /** To show: it may change, and proves nothing. */
  username: string;
  name: string;
  email: string | null;
};

const text = (value: unknown, max = 255): string =>
  typeof value === "string" ? value.replace(/\p{Cc}/gu, "").slice(0, max) : "";

/** A name as a form would take it; empty where it would not, such as one that is invisible or runs right to left. */
const nameIn = (value: unknown): string =>
  typeof value === "string"
    ? (nameSchema.safeParse(text(value.replace(/\s+/g, " "), NAME_MAX)).data ?? "")
    : "";

export function somebodyOf(claims: Claims): Somebody {
  const { iss: issuer, sub: subject } = claims;
  const addresses = [claims.email, claims.preferred_username, claims.upn].map((each) => text(each));
  const email = addresses.find(isAddress) ?? null;
  const username = email ?? (nameIn(claims.preferred_username) || nameIn(claims.name) || subject);
  return {
    issuer,
    subject,
    tenantId: text(claims.tid) || null,
    objectId: text(claims.oid) || null,
    username,
    name: nameIn(claims.name) || nameIn(username) || "Someone without a name",
    email,
  };
}

/**
 * Whether the company vouches for the address: one that it has not verified, or that only looks like a name to show,
 * may be anyone's (OpenID Connect Core §5.1, §5.7). Some write `email_verified` as a text.
 */
export function hasOwnAddress(claims: Claims, { preset }: Pick<Demands, "preset">): boolean {
  const { email, email_verified: verified = true } = claims;
  if (verified !== true && verified !== "true") return false;
  return PRESET_FACTS[preset].namesAreAddresses || isAddress(email);
}

function isAddress(value: unknown): boolean {
  return emailAddressSchema.safeParse(value).success;
}

/** @throws AppError access_denied for other tenants and domains, or without the `amr` that is required */
export function requireOwnPeople(claims: Claims, demands: Demands): void {
  const { preset, issuer, pinned, requiredAmr } = demands;
  if (claims.iss !== issuer) throw refusedBy("company.issuer_differs", "access_denied");
  const { pin } = PRESET_FACTS[preset].people;
  if (pin && !isPinned(claims[pin.claim], pinned)) throw refusedBy(pin.refusal, "access_denied");
  if (isOfOtherTenant(claims)) throw refusedBy("company.tenant_foreign", "access_denied");
  if (requiredAmr !== null && !valuesOf(claims.amr)?.includes(requiredAmr))
    throw refusedBy("company.amr_missing", "access_denied");
}

function isPinned(value: unknown, pinned: readonly string[]): boolean {
  return typeof value === "string" && pinned.includes(value.toLowerCase());
}

export function isMapped(values: RoleValues): boolean {
  return HIGHEST_FIRST.some((role) => values[role].length > 0);
}

/**
 * Null where no mapping decides. A claim that is missing or of another shape is never read as “no groups”.
 */
export function roleOf(claims: Claims, demands: Demands): Role | null {
  const { roleClaim, roleValues, defaultRole } = demands;
  if (!isMapped(roleValues)) return null;
  const found = readClaim(claims, roleClaim);
  const values = valuesOf(found);
  if (!values) {
    const remedy = isLeftOut(claims, roleClaim) ? "groups_overflow" : "claim_missing";
    throw refusedBy(`company.${remedy}`, "access_denied");
  }
  const role = HIGHEST_FIRST.find((each) => roleValues[each].some((one) => values.includes(one)));
  if (role) return role;
  if (defaultRole) return defaultRole;
  throw refusedBy("company.no_role", "access_denied");
}

/** Whether the ID token alone gives identity and role. */
export function hasAll(claims: Claims, { roleClaim, roleValues }: Demands): boolean {
  const hasRole = !isMapped(roleValues) || readClaim(claims, roleClaim) !== undefined;
  return hasRole && somebodyOf(claims).email !== null;
}

/** By its name, or by a path of names such as realm_access.roles. */
export function readClaim(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split(".").reduce<unknown>((within, name) => {
    const isObject = typeof within === "object" && within !== null && !Array.isArray(within);
    return isObject && Object.hasOwn(within, name) ? Object(within)[name] : undefined;
  }, claims);
}

const valuesSchema = z.union([z.string().transform((value) => [value]), z.array(z.string())]);

export function valuesOf(value: unknown): string[] | null {
  return valuesSchema.safeParse(value).data ?? null;
}

/** Of the protocol, and of no use to people. */
const NOT_SHOWN = new Set(["nonce", "at_hash", "c_hash", "rh", "uti", "aio"]);

export function claimsShown(claims: Claims): { name: string; value: string }[] {
  return Object.entries(claims)
    .filter(([name]) => !NOT_SHOWN.has(name))
    .slice(0, 60)
    .map(([name, value]) => ({
      name: name.slice(0, 100),
      value: typeof value === "string" ? value.slice(0, 500) : JSON.stringify(value).slice(0, 500),
    }));
}
