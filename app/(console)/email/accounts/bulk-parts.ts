import { PROOF_REQUIRED } from "@/components/proof";
import type { KeptRow } from "@/components/row-selection";
import { type BulkResult, PART } from "@/lib/email-accounts/bulk/schema";
import type { ActionError, ActionResult } from "@/lib/http/schema";

export type PartsResult = BulkResult & {
  /** Not reached, or not answered. */
  left: readonly KeptRow[];
  /** null if it was stopped or finished */
  problem: ActionError | null;
};

/** Once stopped, no proof is asked for. */
export type Ask = (
  emailAccountIds: string[],
  isStillWanted: () => boolean,
) => Promise<ActionResult<BulkResult>>;

type Watched = {
  onPart: (done: number) => void;
  isStopped: () => boolean;
};

/** Each part is changed as a whole or not at all; the first failure ends it. */
export async function changeInParts(
  rows: readonly KeptRow[],
  ask: Ask,
  { onPart, isStopped }: Watched,
): Promise<PartsResult> {
  const isStillWanted = () => !isStopped();
  let sum: BulkResult = { changed: 0, unchanged: 0, missing: 0, refused: [] };
  for (let at = 0; at < rows.length; at += PART) {
    if (isStopped()) return { ...sum, left: rows.slice(at), problem: null };
    const ids = rows.slice(at, at + PART).map(({ id }) => id);
    const part = await ask(ids, isStillWanted);
    if (!part.ok)
      return { ...sum, left: rows.slice(at), problem: problemOf(part.error, isStopped()) };
    sum = add(sum, part.data);
    onPart(Math.min(at + PART, rows.length));
  }
  return { ...sum, left: [], problem: null };
}

/** Stopping before confirming is not a failure. */
function problemOf(error: ActionError, isStopped: boolean): ActionError | null {
  return isStopped && error.code === PROOF_REQUIRED ? null : error;
}

function add(one: BulkResult, other: BulkResult): BulkResult {
  return {
    changed: one.changed + other.changed,
    unchanged: one.unchanged + other.unchanged,
    missing: one.missing + other.missing,
    refused: [...one.refused, ...other.refused],
  };
}
