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

export type Ask = (emailAccountIds: string[]) => Promise<ActionResult<BulkResult>>;

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
  let sum: BulkResult = { changed: 0, unchanged: 0, missing: 0, refused: [] };
  for (let at = 0; at < rows.length; at += PART) {
    if (isStopped()) return { ...sum, left: rows.slice(at), problem: null };
    const part = await ask(rows.slice(at, at + PART).map(({ id }) => id));
    if (!part.ok) return { ...sum, left: rows.slice(at), problem: part.error };
    sum = add(sum, part.data);
    onPart(Math.min(at + PART, rows.length));
  }
  return { ...sum, left: [], problem: null };
}

function add(one: BulkResult, other: BulkResult): BulkResult {
  return {
    changed: one.changed + other.changed,
    unchanged: one.unchanged + other.unchanged,
    missing: one.missing + other.missing,
    refused: [...one.refused, ...other.refused],
  };
}
