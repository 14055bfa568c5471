import "server-only";
import { type Actor, ALL_PERMISSIONS, mintActor } from "@/lib/actor";
import { findApiKey } from "@/lib/api-keys/store";
import { hashToken } from "@/lib/crypto";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { circumstances } from "./circumstances";
import { findUser } from "./session";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * For route handlers: a bearer key (RFC 6750 §2.1), else the browser's session, which for unsafe
 * methods must come from our own pages (the cookie alone proves nothing: ASVS 3.5.1).
 *
 * @throws AppError unauthenticated, access_denied
 */
export async function requireActor(request: Request): Promise<Actor> {
  const actor = await findActor(request);
  if (!actor) throw new AppError("unauthenticated", "Sign in, or send an API key.");
  return actor;
}

/**
 * The same where nobody need be signed in; null then. A key that is not valid is refused here too.
 * @throws AppError unauthenticated, access_denied
 */
export async function findActor(request: Request): Promise<Actor | null> {
  const authorization = request.headers.get("authorization");
  if (authorization) return requireApiKey(request.headers, authorization);
  if (!SAFE_METHODS.has(request.method)) requireOwnOrigin(request);
  return findUser();
}

async function requireApiKey(headers: Headers, authorization: string): Promise<Actor> {
  const [, key] = /^Bearer ([\w-]{20,200})$/i.exec(authorization) ?? [];
  const found = key && (await findApiKey(hashToken(key)));
  if (!found) throw new AppError("unauthenticated", "This API key is not valid.");
  const known = ALL_PERMISSIONS.filter((permission) => found.permissions.includes(permission));
  return mintActor({
    kind: "api_key",
    id: found.id,
    name: found.name,
    permissions: new Set(known),
    ...(await circumstances(headers)),
  });
}

function requireOwnOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  const isOwn = origin ? origin === env().url.origin : site === "same-origin";
  if (!isOwn) throw new AppError("access_denied", "This request came from another site.");
}
