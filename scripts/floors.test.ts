import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The least version without a known hole. */
const FLOORS: readonly [name: string, floor: string][] = [
  // GHSA-673q-mjm6-r5xr, GHSA-2464-fhr4-w9xw: code execution through a build feature
  ["next", "16.4.2"],
  // CVE-2026-73418, CVE-2026-73420: malformed bearer, unnormalised address
  ["next-auth", "4.24.15"],
  // CVE-2026-125755: addresses read otherwise than they were checked
  ["nodemailer", "10.4.1"],
  // A hostile server could make the client buffer without limit.
  ["imapflow", "2.5.9"],
];

type Versions = Readonly<Record<string, string>>;
const manifest: Readonly<Record<string, Versions>> = JSON.parse(
  readFileSync("package.json", "utf8"),
);
const lock: { packages: Record<string, { version: string }> } = JSON.parse(
  readFileSync("package-lock.json", "utf8"),
);

test.each(FLOORS)("%s is at least %s", (name, floor) => {
  const locked = lock.packages[`node_modules/${name}`]?.version ?? "0";
  expect(locked.localeCompare(floor, "en", { numeric: true })).toBeGreaterThanOrEqual(0);
});

test("every dependency is pinned exactly, and the lock file names no address to download from", () => {
  const groups = ["dependencies", "devDependencies", "optionalDependencies"];
  const versions = groups.flatMap((group) => Object.values(manifest[group] ?? {}));
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  expect(readFileSync("package-lock.json", "utf8")).not.toMatch(/"resolved": "http/);
});
