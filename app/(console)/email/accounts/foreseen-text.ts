import type { ForeseenTestRun } from "@/lib/checks/runs/schema";
import { counted } from "@/lib/kernel/text/schema";

/** Seconds of one test, from a near server that is quick to a distant one that is slow. */
const LIKELY_SECONDS = [1, 3] as const;

/** What is known of a run before it is started: at the pace of the last one or, before the first, of likely tests. */
export function foreseenText({ leftOut, ...run }: ForeseenTestRun): string {
  const pace = `Postkey tests ${run.parallelism} at a time: ${lastsText(run)}`;
  if (leftOut === 0) return pace;
  return `${counted(leftOut, "account")} ${leftOut === 1 ? "is" : "are"} inactive and left out. ${pace}`;
}

function lastsText({ accounts, parallelism, minutes }: Omit<ForeseenTestRun, "leftOut">): string {
  if (minutes !== null) return `about ${lastingText(minutes)}, as fast as the last run.`;
  const [quick, slow] = LIKELY_SECONDS.map((seconds) =>
    lastingText(Math.max(1, Math.round((accounts / parallelism / 60) * seconds))),
  );
  const lasting = quick === slow ? quick : `${quick} to ${slow}`;
  return `about ${lasting} if a test takes ${LIKELY_SECONDS.join(" to ")} seconds. After the first run it is known better.`;
}

function lastingText(minutes: number): string {
  if (minutes < 90) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  return `${Math.round(minutes / 60)} hours`;
}
