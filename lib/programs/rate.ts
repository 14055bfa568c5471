import { SECOND_MS } from "@/lib/kernel/clock";
import { isReadOnly } from "@/lib/kernel/database-errors";
import { AppError } from "@/lib/kernel/errors";
import { isInNetworks, networkList } from "@/lib/kernel/networks";
import { counted } from "@/lib/kernel/text/schema";
import { type FoundKey, takeOne } from "./store";

/**
 * Not counted while the database is read-only: a token only has to be read. @throws AppError too_many_requests;
 * unauthenticated when the key is gone
 */
export async function takeRequest({ id, requestsPerMinute }: FoundKey): Promise<void> {
  if (requestsPerMinute === null) return;
  const taken = await takeOne(id).catch((error: unknown) => {
    if (isReadOnly(error)) return { isTaken: true, endsInMs: 0 };
    throw error;
  });
  if (!taken) throw new AppError("unauthenticated", "This API key is not valid.");
  if (taken.isTaken) return;
  const retryAfterSeconds = Math.max(1, Math.ceil(taken.endsInMs / SECOND_MS));
  throw new AppError(
    "too_many_requests",
    `This API key may be used ${counted(requestsPerMinute, "time")} a minute. Try again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}

/** @param address where it is not known, it is nowhere that is allowed @throws AppError access_denied */
export function requireAllowedAddress({ addresses }: FoundKey, address: string | undefined): void {
  if (addresses.length === 0) return;
  if (address === undefined || !isInNetworks(networkList(addresses), address))
    throw new AppError("access_denied", "This API key can't be used from this address.");
}
