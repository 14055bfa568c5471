import { expect, test } from "vitest";
import { SKIP_REASONS } from "@/lib/mail/senders";
import { SKIP_LABELS } from "./schema";

test("every reason to leave a message out has words", () => {
  expect(Object.keys(SKIP_LABELS).sort()).toEqual([...SKIP_REASONS, "erased"].sort());
});
