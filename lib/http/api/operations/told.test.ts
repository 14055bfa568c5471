import { expect, test } from "vitest";
import { TOLD_BY_THEIR_WRITES } from "@/lib/audit/trail/schema";
import { OPERATIONS } from "./all";

/** Operations that change something, or send: each has an event of its own in the trail. */
const WRITES = /:(write|send)$/;
/** Neither reads nor writes what its permission says. */
const OTHERS = ["startTestRun"];

test("the trail tells of a write once: by its own event, and not by the use of the key as well", () => {
  const writing = OPERATIONS.filter(({ permission }) => permission && WRITES.test(permission));
  const ids = [...writing.map(({ id }) => id), ...OTHERS];
  expect([...TOLD_BY_THEIR_WRITES].sort()).toEqual(ids.sort());
});
