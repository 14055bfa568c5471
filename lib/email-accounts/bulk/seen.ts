import { createHash } from "node:crypto";
import { AppError } from "@/lib/kernel/errors";
import { counted } from "@/lib/kernel/text/schema";
import { type FindSelected, MAX_CHANGED } from "./schema";

/**
 * What a list shows is what was seen when it was confirmed. Accounts that were named one by one may be gone, even
 * all of them: who asks again after an answer that did not come has then what was wanted.
 *
 * @throws AppError stale when a list shows another number or others than were seen, unprocessable when there are none,
 * or too many
 */
export function requireSeen(
  rows: readonly { id: string }[],
  { selection, expected, seenAs }: FindSelected,
): void {
  const count = rows.length;
  if (count > MAX_CHANGED) throw new AppError("unprocessable", TOO_MANY);
  if (selection.accounts === "selected") return;
  if (expected !== undefined && expected !== count) throw anotherNumber(count, expected);
  if (seenAs !== undefined && seenAs !== seenAsOf(rows)) throw new AppError("stale", OTHERS);
  if (count === 0) throw new AppError("unprocessable", "None of these accounts exists any more.");
}

/** Which accounts a list shows, in a few letters, in whatever order. */
export function seenAsOf(rows: readonly { id: string }[]): string {
  const ids = rows.map(({ id }) => id).sort();
  return createHash("sha256").update(ids.join()).digest("base64url");
}

/** For people alone: programs do not say which accounts they saw. */
const OTHERS =
  "The list shows other accounts now. Nothing was changed. Look at the list again, then repeat this.";
const TOO_MANY = `You can change up to ${MAX_CHANGED.toLocaleString("en")} accounts at once. Narrow the list.`;

function anotherNumber(count: number, expected: number): AppError {
  return new AppError(
    "stale",
    `The list shows ${counted(count, "account")} now, not ${expected.toLocaleString("en")}. Nothing was changed. Look at the list again, then repeat this.`,
    {
      forPrograms: `The selection has ${counted(count, "account")} now, not ${expected.toLocaleString("en")}. Nothing was changed. Read the list again, and send its number as \`expected\`.`,
    },
  );
}
