import { useEffect, useRef, useState, useTransition } from "react";
import type { KeptRow } from "@/components/row-selection";
import { type Ask, changeInParts, type PartsResult } from "./bulk-parts";

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
    return () => window.removeEventListener("beforeunload", ask);
  }, [isUnderWay]);
  // Leaving the page stops it.
  useEffect(
    () => () => {
      isStopped.current = true;
    },
    [],
  );
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
