import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { apiDoor } from "@/lib/http/api/door";
import { OPERATIONS } from "@/lib/http/api/operations/all";
import { neededAt, PAGE_NEEDS } from "@/lib/http/auth/pages/schema";
import { ALL_PERMISSIONS, type Permission } from "@/lib/kernel/actor";
import { words } from "@/lib/kernel/words";
import { PERMISSIONS_OF } from "@/lib/people/roles/permissions";
import { ROLES, type Role } from "@/lib/people/roles/schema";
import { actorFunctions, neededBy } from "@/lib/testing/actor-functions";
import { person } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { productSources } from "@/lib/testing/sources";

withDatabase();

const functions = actorFunctions();
/** What each function needs that takes an actor, as authorization-matrix.test.ts proves it. */
const NEEDS: ReadonlyMap<string, Permission> = new Map(
  functions
    .filter(({ isExported }) => isExported)
    .flatMap((each) => {
      const needed = neededBy(each, functions);
      return needed && needed !== "none" && needed !== "person"
        ? [[each.name, needed] as const]
        : [];
    }),
);

const has = (role: Role, permission: Permission) => PERMISSIONS_OF[role].has(permission);
/** Whether every role that may do the one may do the other. */
const implies = (one: Permission, other: Permission) =>
  ROLES.every((role) => !has(role, one) || has(role, other));

const sources: readonly Source[] = productSources()
  .filter(({ file }) => /^(?:app|components)\//.test(file))
  .map(({ file, text }) => ({ path: file, text }));
const IMPORTERS = new Map<string, Source[]>();
for (const source of sources)
  for (const path of importsOf(source))
    IMPORTERS.set(path, [...(IMPORTERS.get(path) ?? []), source]);
const console_ = sources.filter(({ path }) => path.startsWith("app/(console)/"));
const pages = console_.filter(({ path }) => path.endsWith("/page.tsx"));

/** As Next.js calls it: without the folders that are in no address. */
const routeOf = (path: string) =>
  `/${dirname(path)
    .split("/")
    .slice(1)
    .filter((part) => !part.startsWith("("))
    .join("/")}`;

describe("pages", () => {
  test("each that not every role may open asks for its role, by its own address", () => {
    const asked = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/requireUserOf\("([^"]+)"\)/g)].map(([, page]) => [routeOf(path), page]),
    );
    expect(asked.filter(([route, page]) => route !== page)).toEqual([]);
    expect(asked.map(([route]) => route).sort()).toEqual(Object.keys(PAGE_NEEDS).sort());
  });

  test("each asks who is there", () => {
    const open = pages.filter(({ text }) => !/\brequireUser(Of)?\(/.test(text));
    expect(open.map(({ path }) => path)).toEqual([]);
  });

  test("an address asks for what its page asks for", () => {
    expect(neededAt("/contacts/all?search=x")).toBe("contacts:read");
    expect(neededAt("/email/devices/new?account=1")).toBe("devices:write");
    expect(neededAt("/settings/cloud-providers/0192/edit#top")).toBe("providers:write");
    expect(neededAt("/settings/cloud-providers/0192")).toBeUndefined();
    expect(neededAt("/contacts/import")).toBe("contacts:write");
  });

  /** What is asked for where the page knows that the person may: `can(actor, …)` beside it. */
  test("none reads what a role may not see that opens it", () => {
    const shown = console_.filter(({ path }) => !path.endsWith("/actions.ts"));
    const refused = shown.flatMap(({ path, text }) =>
      [...NEEDS].flatMap(([name, needed]) => {
        if (!new RegExp(`\\b${name}\\(actor\\b`).test(text)) return [];
        const isAsked = text.includes(`can(actor, "${needed}")`);
        return isAsked || isGuarded(path, needed) ? [] : [`${path}: ${name} needs ${needed}`];
      }),
    );
    expect(refused).toEqual([]);
  });
});

describe("what a page offers", () => {
  const actions = new Map(
    console_
      .filter(({ path }) => path.endsWith("/actions.ts"))
      .flatMap(({ text }) =>
        [...text.matchAll(/export const (\w+) = \w+\(([\s\S]*?)\n?\);\n/g)].map(
          ([, name = "", body = ""]) => [name, neededIn(body)] as const,
        ),
      ),
  );

  test("every action leads to functions that ask for a permission", () => {
    const open = [...actions].filter(([, needed]) => needed.length === 0).map(([name]) => name);
    expect(open.sort()).toEqual([...OF_ONESELF, ...OF_WHAT_ONE_SEES].sort());
  });

  test("no control leads to an action that a role is refused who sees it", () => {
    const refused = console_
      .filter(({ path }) => !path.endsWith("/actions.ts"))
      .map(({ path, text }) => ({ path, words: wordsOf(text) }))
      .flatMap(({ path, words }) =>
        [...actions].flatMap(([name, needed]) =>
          words.has(name)
            ? needed
                .filter((permission) => !isGuarded(path, permission))
                .map((permission) => `${path}: ${name} needs ${permission}`)
            : [],
        ),
      );
    expect(refused.sort()).toEqual(Object.keys(GUARDED_ELSEWHERE).sort());
  });

  test("no address is opened by a link that a role is refused who sees it", () => {
    // The shell, and the components of every link, ask by the address themselves.
    for (const name of ["shell", "links", "list-footer"])
      expect(readFileSync(`components/${name}.tsx`, "utf8")).toMatch(/useCanOpen|CanOpen/);
  });
});

/** What every person does with their own account. */
const OF_ONESELF = words(
  "changePasswordAction endOtherSessionsAction endOwnSessionAction renameOneselfAction unlinkIdentityAction",
);

/** Finds among what the person may see: it asks for each kind. */
const OF_WHAT_ONE_SEES = ["searchEverythingAction"];

/** What the files alone don't show, and where it is asked. */
const GUARDED_ELSEWHERE: Readonly<Record<string, string>> = {
  "app/(console)/repair-deeds.tsx: beginAuthorizationAction needs authorizations:write":
    "RepairButtons asks for each button.",
  "app/(console)/email/sign-in-links/create-links-dialog.tsx: createLinksAction needs authorizations:write":
    "What opens its dialogs asks, RepairButtons for each of theirs, and CreateLinks for its button.",
  "app/(console)/repair-deeds.tsx: setReadsByAction needs accounts:write":
    "RepairButtons asks for each button.",
  "app/(console)/repair-deeds.tsx: setSendsByAction needs accounts:write":
    "RepairButtons asks for each button.",
  "app/(console)/repair-deeds.tsx: testFailedAction needs accounts:test":
    "RepairButtons asks for each button.",
  "app/(console)/repair-deeds.tsx: testIncidentAction needs accounts:test":
    "RepairButtons asks for each button.",
  "app/(console)/settings/cloud-providers/connect.ts: connectApplicationAction needs providers:write":
    "Whoever shows the button asks neededToConnect.",
  "app/(console)/settings/cloud-providers/connect.ts: connectMailboxesAction needs authorizations:write":
    "Whoever shows the button asks neededToConnect.",
};

function neededIn(body: string): Permission[] {
  const words = wordsOf(body);
  return [...NEEDS].flatMap(([name, needed]) => (words.has(name) ? [needed] : []));
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/\w+/g));
}

/** Whether a file is only shown to those who have a permission: it asks, or all that import it do. */
function isGuarded(path: string, needed: Permission, seen: readonly string[] = []): boolean {
  if (ROLES.every((role) => has(role, needed))) return true;
  const file = sources.find((each) => each.path === path);
  if (!file || seen.includes(path)) return false;
  if (asksFor(file).some((asked) => implies(asked, needed))) return true;
  if (/\/(page|layout)\.tsx$/.test(path)) return false;
  const importers = IMPORTERS.get(path) ?? [];
  return (
    importers.length > 0 && importers.every((each) => isGuarded(each.path, needed, [...seen, path]))
  );
}

type Source = { path: string; text: string };

/** The permissions without which a file shows nothing, or not the part in question. */
function asksFor({ text }: Source): Permission[] {
  const named = [
    ...text.matchAll(/(?:permission=|\bneeds(?:=|: )|\bcan\(|useCan\(\)\()"(\w+:\w+)"/g),
  ].map(([, name]) => name);
  const [, page] = /requireUserOf\("([^"]+)"\)/.exec(text) ?? [];
  const ofPage = Object.entries(PAGE_NEEDS).flatMap(([route, needed]) =>
    route === page ? [needed] : [],
  );
  const connects = text.includes("neededToConnect(") ? (["providers:write"] as const) : [];
  return [
    ...ALL_PERMISSIONS.filter((permission) => named.includes(permission)),
    ...ofPage,
    ...connects,
  ];
}

function importsOf({ path, text }: Source): string[] {
  // A type shows nothing.
  const values = text.replaceAll(/^import type [^;]+;$/gm, "");
  return [...values.matchAll(/(?:from |import\()"([^"]+)"/g)].flatMap(([, from = ""]) => {
    const base = from.startsWith("@/") ? from.slice(2) : join(dirname(path), from);
    return [".ts", ".tsx"].map((ending) => `${base}${ending}`).filter((file) => existsSync(file));
  });
}

const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";

test.each(ROLES)("%s in a browser gets from each operation what the role is for", async (role) => {
  const door = apiDoor(async () => person(role));
  const wrong: string[] = [];
  for (const { id, method, path, permission, isForPrograms } of OPERATIONS) {
    const address = `http://localhost:3000${path.replaceAll(/\{\w+\}/g, ID)}`;
    const end = new AbortController();
    const response = await door(new Request(address, { method, signal: end.signal }));
    end.abort();
    await response.body?.cancel().catch(() => {});
    const isRefused = isForPrograms || (permission !== null && !has(role, permission));
    if ((response.status === 403) !== isRefused) wrong.push(`${id}: ${response.status}`);
  }
  expect(wrong).toEqual([]);
});

test("the list of needed permissions was found", () => {
  expect(NEEDS.size).toBeGreaterThan(150);
  expect(existsSync("app/(console)/forbidden.tsx")).toBe(true);
});
