import { expect, test } from "vitest";
import type { BulkResult } from "@/lib/email-accounts/bulk/schema";
import { type Ask, changeInParts } from "./bulk-parts";

const rows = Array.from({ length: 2_500 }, (_, n) => ({ id: `${n}`, name: `Mailbox ${n}` }));
const nothing: BulkResult = { changed: 0, unchanged: 0, missing: 0, refused: [] };
const never = () => false;

/** Changes all but the last of each part, and keeps what it was asked for. */
function server() {
  const asked: string[][] = [];
  const ask: Ask = async (ids) => {
    asked.push(ids);
    const [last = ""] = ids.slice(-1);
    const refused = [{ id: last, name: last, reason: "It can't." }];
    return { ok: true, data: { ...nothing, changed: ids.length - 1, refused } };
  };
  return { asked, ask };
}

test("every account is asked for once, a thousand at a time, and the results are added up", async () => {
  const { asked, ask } = server();
  const told: number[] = [];
  const result = await changeInParts(rows, ask, { onPart: (n) => told.push(n), isStopped: never });
  expect(asked.map((ids) => ids.length)).toEqual([1_000, 1_000, 500]);
  expect(asked.flat()).toEqual(rows.map(({ id }) => id));
  expect(told).toEqual([1_000, 2_000, 2_500]);
  expect(result).toMatchObject({ changed: 2_497, left: [], problem: null });
  expect(result.refused.map(({ id }) => id)).toEqual(["999", "1999", "2499"]);
});

test("once it is stopped, the part that was begun is the last, and the rest is left", async () => {
  const { asked, ask } = server();
  const isStopped = () => asked.length === 1;
  const result = await changeInParts(rows, ask, { onPart: () => {}, isStopped });
  expect(asked).toHaveLength(1);
  expect(result).toMatchObject({ changed: 999, problem: null });
  expect(result.left).toEqual(rows.slice(1_000));
});

test("who stops it is not asked to confirm that it is them, and nothing has failed", async () => {
  let isStopped = false;
  const ask: Ask = async (_ids, isStillWanted) => {
    isStopped = true;
    expect(isStillWanted()).toBe(false);
    return { ok: false, error: { code: "proof_required", message: "Confirm it's you." } };
  };
  const watched = { onPart: () => {}, isStopped: () => isStopped };
  expect(await changeInParts(rows, ask, watched)).toMatchObject({ left: rows, problem: null });
});

test("a part that fails ends it, and is left with those behind it", async () => {
  const { asked, ask } = server();
  const error = { code: "temporarily_unavailable", message: "Away." } as const;
  const failing: Ask = async (...of) => (asked.length === 1 ? { ok: false, error } : ask(...of));
  const result = await changeInParts(rows, failing, { onPart: () => {}, isStopped: never });
  expect(result).toMatchObject({ changed: 999, problem: error, left: rows.slice(1_000) });
});
