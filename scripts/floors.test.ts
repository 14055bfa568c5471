import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The least version without a known hole, and what the hole was. */
const FLOORS = [
  [
    "next",
    "16.4.2",
    "GHSA-673q-mjm6-r5xr, GHSA-2464-fhr4-w9xw: code execution through a build feature",
  ],
  [
    "next-auth",
    "4.24.15",
    "CVE-2026-73418, CVE-2026-73420: malformed bearer, unnormalised address",
  ],
  ["nodemailer", "10.4.1", "CVE-2026-125755: addresses read otherwise than they were checked"],
  ["imapflow", "2.5.9", "a hostile server could make the client buffer without limit"],
] as const;

const lock: unknown = JSON.parse(readFileSync("package-lock.json", "utf8"));

test.each(FLOORS)("%s is at least %s", (name, floor) => {
  expect(compare(lockedVersion(name), floor)).toBeGreaterThanOrEqual(0);
});

test("every dependency is pinned exactly", () => {
  const manifest: unknown = JSON.parse(readFileSync("package.json", "utf8"));
  const groups = ["dependencies", "devDependencies", "optionalDependencies"];
  const versions = groups.flatMap((group) => Object.values(record(record(manifest)[group])));
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)))).toEqual(
    [],
  );
});

test("the lock file names no address to download from", () => {
  expect(readFileSync("package-lock.json", "utf8")).not.toMatch(/"resolved": "http/);
});

function lockedVersion(name: string): string {
  return String(record(record(record(lock).packages)[`node_modules/${name}`]).version);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  const difference = left?.map((part, index) => part - (right?.[index] ?? 0)) ?? [];
  return difference.find((part) => part !== 0) ?? 0;
}
