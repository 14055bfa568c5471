import { goesOn } from "@/lib/kernel/ends";

/**
 * SQL: whether a row of "ApiKey" or "Device" is good for anything: it was not revoked, and has not expired. A device
 * that is paused is valid, and so is one whose account is: both go on when a person says so.
 */
export function isValid(row: string): string {
  return `(${row}."revokedAt" IS NULL AND ${goesOn(`${row}."expiresAt"`)})`;
}
