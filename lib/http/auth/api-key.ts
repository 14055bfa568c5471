import { timingSafeEqual } from "node:crypto";
import {
  type AccountScope,
  type Actor,
  ALL_PERMISSIONS,
  type Permission,
} from "@/lib/kernel/actor";
import { hashToken } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import { mintActor } from "@/lib/kernel/mint-actor";
import { requireAllowedAddress, takeRequest } from "@/lib/programs/rate";
import { type FoundKey, findApiKey } from "@/lib/programs/store";
import { openCalendarToken } from "@/lib/watch/calendar/store";
import type { circumstances } from "./client-address";

/** RFC 6750 §2.1. @throws AppError unauthenticated, access_denied by address, too_many_requests */
export async function authenticateKey(
  authorization: string,
  from: Awaited<ReturnType<typeof circumstances>>,
): Promise<Actor> {
  const [, key] = /^Bearer ([\w-]{20,200})$/i.exec(authorization) ?? [];
  const found = key && (await findApiKey(hashToken(key)));
  if (!found) throw new AppError("unauthenticated", "This API key is not valid.");
  requireAllowedAddress(found, from.address);
  await takeRequest(found);
  const accounts = scopeOf(found);
  return mintActor({
    kind: "api_key",
    id: found.id,
    name: found.name,
    createdByName: found.createdByName,
    permissions: new Set(ALL_PERMISSIONS.filter((each) => isGranted(found, each))),
    ...(accounts && { accounts }),
    ...from,
  });
}

/** Who may change something sees it: an answer shows what became of it. */
function isGranted({ permissions }: FoundKey, permission: Permission): boolean {
  return [permission, permission.replace(/:read$/, ":write")].some((each) =>
    permissions.includes(each),
  );
}

function scopeOf({ accountIds, accountKeyPrefix }: FoundKey): AccountScope | undefined {
  if (accountKeyPrefix !== null) return { keyPrefix: accountKeyPrefix };
  return accountIds.length > 0 ? { ids: accountIds } : undefined;
}

/** Calendar programs can send no other proof than the address. @throws AppError not_found */
export async function requireCalendarActor(token: string): Promise<Actor> {
  const known = await openCalendarToken();
  if (!known || !timingSafeEqual(Buffer.from(hashToken(known)), Buffer.from(hashToken(token))))
    throw new AppError("not_found", "There is no calendar at this address.");
  const permissions = new Set(["providers:read", "accounts:read"] as const);
  return mintActor({ kind: "api_key", id: "calendar", name: "Calendar", permissions });
}
