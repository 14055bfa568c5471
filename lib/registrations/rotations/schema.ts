import { DAY_MS } from "@/lib/kernel/clock";

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

const ROTATE_BEFORE_END_MS = 30 * DAY_MS;

/** From when on a secret that ends then is replaced automatically. */
export function rotatesAt(expiresAt: Date): Date {
  return new Date(expiresAt.getTime() - ROTATE_BEFORE_END_MS);
}
