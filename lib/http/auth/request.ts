import type { Actor } from "@/lib/kernel/actor";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { isFromElsewhere, SAFE_METHODS } from "../own-origin";
import { authenticateKey } from "./api-key";
import { circumstances, networkAddress } from "./client-address";
import { findUser } from "./session";

/**
 * A cookie proves nothing in unsafe methods from other sites (ASVS 3.5.1); null for a stranger.
 * @throws AppError unauthenticated, access_denied, too_many_requests
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
  // A request without an origin proves nothing.
  const isSaid = Boolean(origin) || site === "same-origin";
  if (!isSaid || isFromElsewhere({ origin, site }, env().url.origin))
    throw new AppError("access_denied", "This request came from another site.");
}
