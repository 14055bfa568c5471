import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { folderOfTest } from "@/lib/testing/folder";
import { givenDatabase } from "./given-database.mjs";

test("the database is named by a variable, or else by a file", () => {
  const file = join(folderOfTest(), "url");
  vi.stubEnv("DATABASE_URL", "");
  vi.stubEnv("DATABASE_URL_FILE", file);
  writeFileSync(file, "\n");
  expect(givenDatabase).toThrow("DATABASE_URL_FILE names no file with a URL (it is empty).");
  writeFileSync(file, "postgresql://file/db\n");
  expect(givenDatabase()).toBe("postgresql://file/db");
  vi.stubEnv("DATABASE_URL", "postgresql://variable/db");
  expect(givenDatabase()).toBe("postgresql://variable/db");
});

test("a file that cannot be read stops the start, and without one there is no database", () => {
  vi.stubEnv("DATABASE_URL", "");
  vi.stubEnv("DATABASE_URL_FILE", "/nowhere/url");
  expect(givenDatabase).toThrow("DATABASE_URL_FILE names no file with a URL (ENOENT");
  vi.stubEnv("DATABASE_URL_FILE", "");
  expect(givenDatabase() || undefined).toBeUndefined();
});
