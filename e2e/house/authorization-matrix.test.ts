import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Actor,
  ALL_PERMISSIONS,
  isRead,
  type Permission,
  requirePermission,
  requirePermissionOnAccounts,
  requirePermissionToSee,
  requireRecentProof,
} from "@/lib/kernel/actor";
import { mintActor } from "@/lib/kernel/mint-actor";
import { PERMISSIONS_OF } from "@/lib/people/roles/permissions";
import { ROLES, type Role } from "@/lib/people/roles/schema";
import {
  type ActorFunction,
  actorFunctions,
  handedTo,
  neededBy,
} from "@/lib/testing/actor-functions";
import { withDatabase } from "@/lib/testing/database";

withDatabase();

/* What a function needs stands at the function (lib/testing/actor-functions.ts): here each is called without it. */
const all = actorFunctions();
const open = all.filter(({ isExported }) => isExported);
const needing = open.flatMap((each) => {
  const needed = neededBy(each, all);
  return needed && needed !== "none" && needed !== "person" ? [{ each, needed }] : [];
});

const ASKS_FOR_PROOF =
  /\b(?:requireRecentProof|requireOwnProof|decisionAboutPeople)\(|^ {2}proof: /m;

const IDENTITY = { kind: "user", id: "a0c8f3a2-5a0f-4b38-9a51-2f5f8a3b1c11", name: "Eve" } as const;
const EVERYTHING = new Set(ALL_PERMISSIONS);
const without = (permission: Permission) =>
  mintActor({ ...IDENTITY, permissions: new Set(ALL_PERMISSIONS.filter((p) => p !== permission)) });

const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
/** Where the third argument decides which permission is needed. */
const THIRD: Readonly<Record<string, unknown>> = {
  getAccessToken: "hand_out",
  findReached: "hand_out",
  getGraphToken: { purpose: "hand_out", way: "send" },
  findMailboxAccount: "accounts:test",
};

/** Why a function refuses an actor, with arguments that no caller should send. */
async function refusalOf({ name, file }: ActorFunction, actor: Actor, object: unknown) {
  const module: Record<string, (...args: unknown[]) => unknown> = await import(resolve(file));
  try {
    const result = await module[name]?.(actor, object, THIRD[name] ?? object);
    await (result as AsyncIterable<unknown> | undefined)?.[Symbol.asyncIterator]?.().next();
    return "done";
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return `${code ?? "broken"}: ${message}`;
  }
}

type Call = { each: ActorFunction; actor: Actor; refusal: RegExp };

/** The functions that do not refuse an actor in these words. */
async function letThrough(calls: readonly Call[]): Promise<string[]> {
  const found: string[] = [];
  for (const { each, actor, refusal } of calls)
    for (const object of [ID, { id: ID }]) {
      const said = await refusalOf(each, actor, object);
      if (!refusal.test(said)) found.push(`${each.file} ${each.name}: ${said}`);
    }
  return found;
}

describe("everything that takes an actor", () => {
  test("asks for something, hands the actor to what asks, or says why not", () => {
    expect(open.length).toBeGreaterThan(250);
    const silent = open.filter((each) => neededBy(each, all) === undefined);
    expect(silent.map(({ file, name }) => `${file} ${name}`)).toEqual([]);
  });

  // Another permission, or no proof any more, is a decision: `vitest -u` writes it down, and a reviewer reads it.
  test("needs what permissions.txt says", async () => {
    const lines = open.map((each) => {
      const proof = ASKS_FOR_PROOF.test(each.text) ? ", fresh proof" : "";
      return `${each.file} ${each.name}: ${neededBy(each, all)}${proof}\n`;
    });
    await expect(lines.sort().join("")).toMatchFileSnapshot("permissions.txt");
  });

  test("is refused to an actor who has every permission but its own", async () => {
    expect(needing.length).toBeGreaterThan(200);
    const calls = needing.map(({ each, needed }) => ({
      each,
      actor: without(needed),
      refusal: new RegExp(`^access_denied: .*\\b${needed}\\b`),
    }));
    expect(await letThrough(calls)).toEqual([]);
  });

  test("and is a person's own is refused to a program", async () => {
    const actor = mintActor({ ...IDENTITY, kind: "api_key", permissions: EVERYTHING });
    const own = open.filter((each) => neededBy(each, all) === "person");
    expect(own.length).toBeGreaterThan(10);
    const calls = own.map((each) => ({ each, actor, refusal: /^access_denied/ }));
    expect(await letThrough(calls)).toEqual([]);
  });

  test("and changes something needs more than a permission to read", () => {
    const changing = needing.filter(({ each }) => isChanging(each));
    expect(changing.length).toBeGreaterThan(80);
    const reading = changing.filter(({ each, needed }) => isRead(needed) || isAskedToSee(each));
    expect(reading.map(({ each }) => each.name)).toEqual([]);
  });

  test("and is not called for what it reads does so too", () => {
    const acting = needing.filter(({ each }) => !READING.test(each.name));
    expect(acting.length).toBeGreaterThan(100);
    const reading = acting.filter(({ needed }) => isRead(needed));
    expect(reading.map(({ each }) => each.name)).toEqual([]);
  });

  test("calls nothing with it that some role lacks who may call it", () => {
    const neededOf = new Map(needing.map(({ each, needed }) => [each, needed]));
    const may = (role: Role, each: ActorFunction) => {
      const needed = neededOf.get(each);
      return needed === undefined || PERMISSIONS_OF[role].has(needed);
    };
    const lacking = needing.flatMap(({ each }) =>
      handedTo(each, all).flatMap((called) =>
        ROLES.filter((role) => may(role, each) && !may(role, called)).map(
          (role) => `${role}: ${each.name} → ${called.name}`,
        ),
      ),
    );
    expect(lacking).toEqual([]);
  });

  test("and opens or changes something is refused while Postkey is locked", async () => {
    const lockedBecause = "The key is another one.";
    const actor = mintActor({ ...IDENTITY, permissions: EVERYTHING, lockedBecause });
    const locked = needing.filter(({ each, needed }) => !isRead(needed) && !isAskedToSee(each));
    expect(locked.length).toBeGreaterThan(80);
    const calls = locked.map(({ each }) => ({ each, actor, refusal: /^locked/ }));
    expect(await letThrough(calls)).toEqual([]);
  });
});

const STORES =
  /\$transaction\(|= (?:command|decision\w*)\(|\b(?:serializable|decideAboutPeople|inTurn|withAudit)\(|\.(?:create|update|delete|upsert)(?:Many)?\(|\$executeRaw|INSERT INTO|\bUPDATE "|DELETE FROM/;
const READING = /^(?:list|find|count|read|search|get|has|export|describe|remedyOf|take\w+Place)/;

/** Whether it stands among the mutations, stores something, or hands its actor to one that does. */
function isChanging(each: ActorFunction, functions = all): boolean {
  if (/mutations\.ts$/.test(each.file) || STORES.test(each.text)) return true;
  return handedTo(each, functions).some(({ text }) => STORES.test(text));
}

/** Possible while Postkey is locked: for what is only shown to people who may change it. */
function isAskedToSee({ text }: ActorFunction): boolean {
  return /requirePermissionToSee\(|^export const \w+ = define(?:Short)?List\(/.test(text);
}

describe("a function that is planted", () => {
  test.each([
    ["asks for nothing", "export function f(actor: Actor) {\n  work();\n}\n"],
    [
      "has a tag without a reason",
      "/** @permission none */\nexport function f(actor: Actor) {\n}\n",
    ],
  ])("%s", (_what, text) => {
    const functions = actorFunctions([{ file: "lib/planted/run.ts", text }]);
    expect(functions.map((each) => neededBy(each, functions))).toEqual([undefined]);
  });

  test("changes something by what it calls", () => {
    const saves = "function save(actor: Actor) {\n  return db().x.updateMany({});\n}\n";
    const text = `export function f(actor: Actor) {\n  return save(actor);\n}\n${saves}`;
    const functions = actorFunctions([{ file: "lib/planted/run.ts", text }]);
    expect(functions.map((each) => isChanging(each, functions))).toEqual([true, true]);
  });
});

describe("what is dangerous", () => {
  const asking = open.filter(({ text }) => ASKS_FOR_PROOF.test(text));

  test("is refused to a person who proved who they are too long ago", async () => {
    const actor = mintActor({ ...IDENTITY, permissions: EVERYTHING });
    const calls = asking.map((each) => ({ each, actor, refusal: /^proof_required/ }));
    expect(await letThrough(calls)).toEqual([]);
  });

  test("is not asked of programs, which have no one who could answer", () => {
    const program = mintActor({ ...IDENTITY, kind: "api_key", permissions: EVERYTHING });
    expect(() => requireRecentProof(program)).not.toThrow();
  });
});

test("a person who has to set up a second factor first may do nothing, whatever the role", () => {
  const restrictedBecause = "Your role needs a second factor.";
  const restricted = mintActor({ ...IDENTITY, permissions: EVERYTHING, restrictedBecause });
  for (const permission of ALL_PERMISSIONS)
    for (const ask of [requirePermission, requirePermissionToSee, requirePermissionOnAccounts])
      expect(() => ask(restricted, permission)).toThrow(restrictedBecause);
});
