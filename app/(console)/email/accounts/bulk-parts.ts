import { PROOF_REQUIRED } from "@/components/proof";
import type { KeptRow } from "@/components/row-selection";
import { type BulkResult, PART } from "@/lib/email-accounts/bulk/schema";
import type { ActionError, ActionResult } from "@/lib/http/schema";

/** What became of accounts that were changed part by part. */
export type PartsResult = BulkResult & {
  /** Those that no part reached, or whose part was not answered. */
  left: readonly KeptRow[];
  /** Why it ended before its end; null where it was stopped, or came to it. */
  problem: ActionError | null;
};

/** Who has stopped it meanwhile is not asked to confirm that it is them. */
export type Ask = (
  emailAccountIds: string[],
  isStillWanted: () => boolean,
) => Promise<ActionResult<BulkResult>>;

type Watched = {
  onPart: (done: number) => void;
  /** Asked between two parts. */
  isStopped: () => boolean;
};

/** Asks for one part after the other: each is changed as a whole or not at all, and the first that fails is the last. */
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

/** What was stopped before it was confirmed has not failed. */
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
