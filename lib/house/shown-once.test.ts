import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const FILES = ["app", "components"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".tsx"))
    .map((path) => `${folder}/${path}`),
);

test("what is shown once is shown by the layout, which no list or page takes away", () => {
  const own = FILES.filter((path) => /\bstaysOpen\b/.test(readFileSync(path, "utf8")));
  expect(own.sort()).toEqual([
    // No secret: Enter, pressed a little longer, must not stop what it has just begun.
    "app/(console)/email/accounts/bulk-progress.tsx",
    "components/dialog.tsx",
    "components/shown-once-dialog.tsx",
  ]);
});

test("what says that it is not shown again is in such a dialog", () => {
  const told = FILES.filter((path) =>
    /(?<!Stored encrypted\. It is )not shown again/.test(readFileSync(path, "utf8")),
  );
  const outside = told.filter((path) => !readFileSync(path, "utf8").includes("ShownOnceDialog"));
  expect(outside).toEqual([]);
  expect(told.length).toBeGreaterThan(6);
});
