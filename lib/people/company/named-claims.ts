import { z } from "zod";
import type { Claims } from "@/lib/oauth/openid/exchange";

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
