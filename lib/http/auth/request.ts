import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { isFromElsewhere, SAFE_METHODS } from "../own-origin";
import { authenticateKey } from "./api-key";
import { circumstances } from "./circumstances";
import { networkAddress } from "./client-address";
import { findUser } from "./session";

/**
 * Who asks: a bearer key (RFC 6750 §2.1), else the browser's session, which for unsafe methods must come
 * from our own pages (the cookie alone proves nothing: ASVS 3.5.1). Null for a stranger.
 *
 * @throws AppError unauthenticated for a key that is not valid, access_denied, too_many_requests
 */
export async function findActor(request: Request): Promise<Actor | null> {
  const authorization = request.headers.get("authorization");
  if (authorization)
    return authenticateKey(authorization, await circumstances(networkAddress(request.headers)));
  const user = await findUser();
  if (user && !SAFE_METHODS.has(request.method)) requireOwnOrigin(request);
  return user;
}

function requireOwnOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  // A browser that says nothing of where it comes from proves nothing.
  const isSaid = Boolean(origin) || site === "same-origin";
  if (!isSaid || isFromElsewhere({ origin, site }, env().url.origin))
    throw new AppError("access_denied", "This request came from another site.");
}
