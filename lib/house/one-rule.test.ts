import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";

type Source = { path: string; text: string };

/** Of the product, without its tests and what they share. */
const sourcesOf = (folder: string): Source[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.ts$|^(testing|house)\//.test(path))
    .map((path) => ({
      path: `${folder}/${path}`,
      text: readFileSync(`${folder}/${path}`, "utf8"),
    }));
const lib = sourcesOf("lib");
const screens = [...sourcesOf("app"), ...sourcesOf("components")];

/** Where a rule is written anew that stands somewhere: file and what it says. */
function found(pattern: RegExp, except: RegExp, sources: readonly Source[] = lib): string[] {
  return sources
    .filter(({ path }) => !except.test(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(pattern)].map(([said]) => `${path}: ${said.trim()}`),
    );
}

test("no service is named outside of lib/oauth, but for the variants of the form", () => {
  const named = /["'`](microsoft_azure|google|outlook365|outlook_com|gmail)["'`]/g;
  const except = /^lib\/oauth\/|^lib\/registrations\/registration\/(google\/)?schema\.ts$/;
  expect(found(named, except)).toEqual([]);
});

test("no kind of company sign-in is named outside of lib/oauth", () => {
  const named = /["'`](entra|workspace|okta|keycloak)["'`]/g;
  expect(found(named, /^lib\/oauth\//, [...lib, ...screens])).toEqual([]);
});

test("no screen names a service, but for the variants of the form and the guides", () => {
  const named =
    /["'`](microsoft_azure|google|outlook365|outlook_com|gmail)["'`]|\bmicrosoft_azure:/g;
  const except = /\/(form-variants\.tsx|edited-values\.ts)$|^app\/\(console\)\/help\/setup\//;
  expect(found(named, except, screens)).toEqual([]);
});

test("nothing outside of lib/oauth goes past the interface of a service", () => {
  expect(found(/@\/lib\/oauth\/(google|microsoft)\//g, /^lib\/oauth\//)).toEqual([]);
});

test("a lease is made by leaseFor", () => {
  const taken = /"leaseUntil" = now\(\)|postkey_holds\([^)]*"leaseUntil"|leaseUntil: (?!null)/g;
  expect(found(taken, /^lib\/kernel\/lease\.ts$/)).toEqual([]);
});

test("a wait that doubles is waitAfterFailures", () => {
  expect(
    found(/2 \*\* (?!LOG2_N)[\w.(]*(?:failures|repeats|attempts)/gi, /^lib\/kernel\/backoff\.ts$/),
  ).toEqual([]);
});

test("who lives is asked of isAlive", () => {
  expect(
    found(/"beatAt"? [<>] now\(\)|"beatAt" (?:NOT )?BETWEEN/g, /^lib\/kernel\/heartbeat\.ts$/),
  ).toEqual([]);
});

test("no statement goes into the tables of the job library", () => {
  expect(found(/(?:FROM|UPDATE|INTO|JOIN) pgboss\./g, /^$/)).toEqual([]);
});

test("each advisory lock has a number of its own, and none stands elsewhere", () => {
  const numbers = Object.values(ADVISORY_LOCKS);
  expect(new Set<number>(numbers).size).toBe(numbers.length);
  const written = /const \w*LOCK = \d[\d_]+;|advisory_(?:xact_)?lock(?:_shared)?\(\d+/g;
  expect(found(written, /^$/)).toEqual([]);
});

test("what is sealed is opened by stores alone", () => {
  const opened = /\b(?:unseal|openOrLock|isOpenable)\(/g;
  const everywhere = [...lib, ...screens];
  const except = /\/store\.ts$|^lib\/kernel\/(crypto|open-sealed)\.ts$/;
  expect(found(opened, except, everywhere)).toEqual([]);
});

test("no link of Next.js leads to a file", () => {
  // The page would wait for another page for ever, and show nothing new meanwhile.
  const led = /pageAt\(["'`]\/api\/|<(?:Link|InlineLink|LinkButton)[^>]*href=\{?["'`]\/api\//g;
  expect(found(led, /^$/, screens)).toEqual([]);
});

test("no part of a client component is named by its dot where pages are made", () => {
  // On the server it is undefined: the page fails where it is shown, and nowhere before.
  const ofServer = screens.filter(({ text }) => !text.includes('"use client"'));
  expect(found(/<[A-Z]\w+\.[A-Z]\w+/g, /^$/, ofServer)).toEqual([]);
});
