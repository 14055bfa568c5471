import "server-only";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { networkOf } from "@/lib/kernel/networks";
import { singleton } from "@/lib/kernel/singleton";
import { countAttempt, refundAttempt, tooMany } from "./store";

const LONGEST_MS = 5 * MINUTE_MS;
/** What was begun once is answered no more often. */
const MAX_ANSWERS = 5;
/** What strangers begin is no row: of more than these, the oldest is forgotten. */
const MAX_KNOWN = 10_000;

const answers = () => singleton("answers-to-begun", () => new Map<string, number>());

/**
 * Counted as failed before its result is known, by address; where addresses are unknown by what was begun, because
 * any stranger could keep out all others that share a count. @param begun that a cookie of ours proves @returns
 * what takes it back @throws AppError too_many_requests
 */
export async function countAnswer(
  kind: "passkey" | "company",
  { address, begun }: { address: string | undefined; begun: string },
): Promise<() => Promise<void>> {
  if (address === undefined) return countBegun(`${kind}:${begun}`);
  const subject = `${kind}:${networkOf(address)}`;
  const attempt = await countAttempt([{ subject, free: 30, maxWaitMs: LONGEST_MS }]);
  return () => refundAttempt(attempt);
}

function countBegun(subject: string): () => Promise<void> {
  const count = (answers().get(subject) ?? 0) + 1;
  if (count > MAX_ANSWERS) throw tooMany(LONGEST_MS);
  keepLatest(answers(), [subject, count], MAX_KNOWN);
  return async () => {
    answers().set(subject, (answers().get(subject) ?? 1) - 1);
  };
}
