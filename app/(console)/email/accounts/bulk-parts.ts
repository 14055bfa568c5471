import { useEffect, useRef, useState, useTransition } from "react";
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

/** Each part is changed as a whole or not at all; the first failure ends it. */
export async function changeInParts(
  rows: readonly KeptRow[],
  ask: Ask,
  { onPart, isStopped }: { onPart: (done: number) => void; isStopped: () => boolean },
): Promise<PartsResult> {
  const isStillWanted = () => !isStopped();
  let sum: BulkResult = { changed: 0, unchanged: 0, missing: 0, refused: [] };
  for (let at = 0; at < rows.length; at += PART) {
    if (isStopped()) return { ...sum, left: rows.slice(at), problem: null };
    const ids = rows.slice(at, at + PART).map(({ id }) => id);
    const part = await ask(ids, isStillWanted);
    if (!part.ok) {
      // Stopping before confirming is not a failure.
      const isLeft = isStopped() && part.error.code === PROOF_REQUIRED;
      return { ...sum, left: rows.slice(at), problem: isLeft ? null : part.error };
    }
    sum = {
      changed: sum.changed + part.data.changed,
      unchanged: sum.unchanged + part.data.unchanged,
      missing: sum.missing + part.data.missing,
      refused: [...sum.refused, ...part.data.refused],
    };
    onPart(Math.min(at + PART, rows.length));
  }
  return { ...sum, left: [], problem: null };
}

export type PartsProgress = { done: number; total: number; isStopping: boolean };

export function useParts(onDone: (result: PartsResult) => void) {
  const [progress, setProgress] = useState<PartsProgress | null>(null);
  const isStopped = useRef(false);
  // A redirect to the sign-in is an exception, which a transition passes on to Next.js.
  const [, start] = useTransition();
  const isUnderWay = progress !== null;
  useEffect(() => {
    if (!isUnderWay) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
      isStopped.current = true;
    };
  }, [isUnderWay]);
  const run = (rows: readonly KeptRow[], ask: Ask) => {
    isStopped.current = false;
    setProgress({ done: 0, total: rows.length, isStopping: false });
    start(async () => {
      const result = await changeInParts(rows, ask, {
        onPart: (done) => setProgress((was) => was && { ...was, done }),
        isStopped: () => isStopped.current,
      });
      setProgress(null);
      onDone(result);
    });
  };
  const stop = () => {
    isStopped.current = true;
    setProgress((was) => was && { ...was, isStopping: true });
  };
  return { progress, run, stop };
}
