import { AppError } from "@/lib/kernel/errors";
import { type FindSelected, MAX_CHANGED } from "./schema";

/**
 * What a list shows is what was seen when it was confirmed. Accounts that were named one by one may be gone, even
 * all of them: who asks again after an answer that did not come has then what was wanted.
 *
 * @throws AppError stale when a list shows another number than was seen, unprocessable when there are none,
 * or too many
 */
export function requireSeen(count: number, { selection, expected }: FindSelected): void {
  if (count > MAX_CHANGED) throw new AppError("unprocessable", TOO_MANY);
  if (selection.accounts === "selected") return;
  if (expected !== undefined && expected !== count) throw anotherNumber(count, expected);
  if (count === 0) throw new AppError("unprocessable", "None of these accounts exists any more.");
}

const TOO_MANY = `You can change up to ${MAX_CHANGED.toLocaleString("en")} accounts at once. Narrow the list.`;

function anotherNumber(count: number, expected: number): AppError {
  return new AppError(
    "stale",
    `The list shows ${count.toLocaleString("en")} accounts now, not ${expected.toLocaleString("en")}. Nothing was changed. Look at the list again, then repeat this.`,
  );
}
