import { BlockList, isIP } from "node:net";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { SECOND_MS } from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { singleton } from "@/lib/singleton";
import type { FoundKey } from "./store";

/**
 * Refuses a key that is used from elsewhere than it may be.
 * @param address of the client; undefined where it is not known, which is nowhere that is allowed
 * @throws AppError access_denied
 */
export function requireAllowedAddress({ addresses }: FoundKey, address: string | undefined): void {
  if (addresses.length === 0) return;
  const family = isIP(address ?? "") === 6 ? "ipv6" : "ipv4";
  if (address === undefined || !blockList(addresses).check(address, family))
    throw new AppError("access_denied", "This API key may not be used from this address.");
}

function blockList(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const each of addresses) {
    const [address = "", bits] = each.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

const MINUTE_S = 60;

/** One for each limit that there is; counted by each process for itself. */
function limiter(requestsPerMinute: number): RateLimiterMemory {
  return singleton(
    `api-rate-${requestsPerMinute}`,
    () => new RateLimiterMemory({ points: requestsPerMinute, duration: MINUTE_S }),
  );
}

/** @throws AppError too_many_requests, with when to come back */
export async function takeRequest({ id, requestsPerMinute }: FoundKey): Promise<void> {
  if (requestsPerMinute === null) return;
  try {
    await limiter(requestsPerMinute).consume(id);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw tooMany(requestsPerMinute, refusal);
  }
}

function tooMany(requestsPerMinute: number, refusal: RateLimiterRes): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / SECOND_MS));
  return new AppError(
    "too_many_requests",
    `This API key may be used ${requestsPerMinute} times a minute. Try again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}
