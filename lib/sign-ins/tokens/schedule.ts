import { waitAfterFailures } from "@/lib/kernel/backoff";
import { HOUR_MS, MINUTE_MS, SECOND_MS, wallTime } from "@/lib/kernel/clock";
import type { TokenSet } from "@/lib/oauth/service";

const DUE_AT_SHARE_OF_LIFE = 0.75;
/** Of a token that lives long enough so much is left at least when its renewal is due. */
export const LEFT_WHEN_DUE_MS = 15 * MINUTE_MS;
const JITTER_SHARE = 0.1;
/** A token that lives shorter than the margins is renewed at half of its life. */
const SHORT_LIFE_SHARE = 0.5;
/** Every authorization is used daily, so that its days of disuse (`DISUSE_DAYS`) never run out. */
const MAX_REST_MS = 20 * HOUR_MS;

/**
 * How long a token that lives `lifeMs` from now is left alone: three quarters of that, with 15 minutes
 * left at least, up to a tenth shorter so that what was signed in together is not renewed together.
 */
export function restBeforeRefreshMs(lifeMs: number, random = Math.random): number {
  const latestMs = lifeMs - LEFT_WHEN_DUE_MS;
  const isShort = latestMs < lifeMs * SHORT_LIFE_SHARE;
  const restMs = isShort
    ? lifeMs * SHORT_LIFE_SHARE
    : Math.min(lifeMs * DUE_AT_SHARE_OF_LIFE, latestMs, MAX_REST_MS);
  return restMs * (1 - JITTER_SHARE * random());
}

const RETRY = { firstMs: 5 * SECOND_MS, longestMs: 15 * MINUTE_MS };

/**
 * How long to wait after a failure that passes by itself: what the server asked for, else from five
 * seconds to a quarter of an hour.
 */
export function waitBeforeRetryMs(
  { failures, retryAfterMs }: { failures: number; retryAfterMs: number | undefined },
  random = Math.random,
): number {
  if (retryAfterMs !== undefined) return retryAfterMs;
  return waitAfterFailures(RETRY, failures, random);
}

/**
 * Durations, to be counted by the database's clock: it is the one that all processes agree on, so that
 * a machine whose own clock is wrong neither renews everything nor hands out what ran out.
 */
export function lifeMs({ expiresAt }: TokenSet): number {
  return expiresAt.getTime() - wallTime().getTime();
}

/** Until the next renewal. */
export function restMs(tokens: TokenSet): number {
  return restBeforeRefreshMs(lifeMs(tokens));
}
