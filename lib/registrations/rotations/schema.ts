import { DAY_MS, ENDS_SOON_DAYS } from "@/lib/kernel/clock";

/**
 * The outcome of a turn at the automatic rotation. `waiting`: a new secret was created, and the token
 * endpoint does not accept it yet. `superseded`: another change was faster, and stays.
 */
export type RotationResult =
  | { kind: "rotated" }
  | { kind: "not_due" }
  | { kind: "superseded" }
  | { kind: "waiting"; madeAt: Date }
  | { kind: "failed"; failureId: string };

/** As soon as pages would warn of its end: one that is renewed never lets them, unless that fails or is late. */
const ROTATE_BEFORE_END_MS = ENDS_SOON_DAYS * DAY_MS;

/**
 * A renewal that was not done so many days before the end is late, and people are reminded as of any other secret. Until
 * then it has been tried for ten days.
 */
export const ROTATION_LATE_DAYS = 20;

/** From when on a secret that ends then is replaced automatically. */
export function rotatesAt(expiresAt: Date): Date {
  return new Date(expiresAt.getTime() - ROTATE_BEFORE_END_MS);
}
