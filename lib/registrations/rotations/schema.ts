import { DAY_MS, ENDS_SOON_DAYS } from "@/lib/kernel/clock";

/** `waiting`: the new secret is not accepted yet. `superseded`: another change was faster. */
export type RotationResult =
  | { kind: "rotated" }
  | { kind: "not_due" }
  | { kind: "superseded" }
  | { kind: "waiting"; madeAt: Date }
  | { kind: "failed"; failureId: string };

/** When pages would begin to warn. */
const ROTATE_BEFORE_END_MS = ENDS_SOON_DAYS * DAY_MS;

/** By then it was tried for ten days, and people are reminded as of any other secret. */
export const ROTATION_LATE_DAYS = 20;

export function rotatesAt(expiresAt: Date): Date {
  return new Date(expiresAt.getTime() - ROTATE_BEFORE_END_MS);
}
