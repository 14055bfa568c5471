import "server-only";
import { SECOND_MS } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { findWaits, type Throttle } from "../throttles/store";
import { rememberWaits } from "./known-waits";

/** @throws AppError too_many_requests with the time to wait */
export async function requireNoWait(all: Throttle[]): Promise<void> {
  const error = await toWait(all);
  if (error) throw error;
}

/** What those are told who wait. */
export async function toWait(all: Throttle[]): Promise<AppError | null> {
  const waits = await findWaits(all);
  rememberWaits(waits);
  const waitMs = Math.max(0, ...waits.map((each) => each.waitMs));
  return waitMs > 0 ? tooMany(waitMs) : null;
}

export function tooMany(waitMs: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / SECOND_MS));
  return new AppError(
    "too_many_requests",
    `Too many failed attempts. Try again in ${secondsText(retryAfterSeconds)}.`,
    { retryAfterSeconds },
  );
}

export function secondsText(seconds: number): string {
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}
