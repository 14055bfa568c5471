import { ALL_PERMISSIONS, type Permission } from "@/lib/kernel/actor";
import { productSources, type Source } from "./sources";

/** A function that takes an actor first, as it stands in the sources. */
export type ActorFunction = {
  name: string;
  file: string;
  isExported: boolean;
  /** Its docstring, with `@permission` where the function itself does not ask. */
  doc: string;
  text: string;
};

/** What an actor must have, or `person`: someone signed in, for what is their own. */
export type Needed = Permission | "person" | "none";

const TAKES_ACTOR =
  /((?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?)^(export )?(?:async )?function\*? (\w+)(?:<[^(]*>)?\(\s*(?:_?actor|\{[^}]*\}): Actor\b[\s\S]*?^\}$/gm;
const ASKS = /^requirePermission(?:OnAccounts|ToSee)?$/;
const ASKS_PERSON = /^require(?:Oneself|OneselfSettingUp|Person|OwnProof)$/;
const CALL = /\b(\w+)(?:<[^(>]*>)?\(\s*actor\b(?:,\s*(?:[\w.]+,\s*)?"(\w+:\w+)")?/g;

/** Lists and commands are functions that ask for the permission they declare. */
const DECLARED =
  /((?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?)^(export )const (\w+) = (?:define(?:Short)?List|command|decision(?:AboutPeople)?)\(\{\n[\s\S]*?^\}\);$/gm;

/** All functions of lib that take an actor, but for the questions themselves. */
export function actorFunctions(sources: readonly Source[] = productSources()): ActorFunction[] {
  return sources
    .filter(({ file }) => file.startsWith("lib/") && file !== "lib/kernel/actor.ts")
    .flatMap(({ file, text }) =>
      [...text.matchAll(TAKES_ACTOR), ...text.matchAll(DECLARED)].map(
        ([whole, doc = "", exported, name = ""]) => ({
          name,
          file,
          isExported: exported !== undefined,
          doc,
          text: whole.slice(doc.length),
        }),
      ),
    );
}

/**
 * What a function needs: its tag, the permission that it asks for by name, or what the first function needs that
 * it hands the actor to. Undefined where nothing says so.
 */
export function neededBy(each: ActorFunction, all: readonly ActorFunction[]): Needed | undefined {
  const tag = taggedOn(each) ?? declaredBy(each);
  if (tag) return tag;
  if (ASKS_PERSON.test(each.name)) return "person";
  for (const call of callsOf(each)) {
    const needed = neededAt(call, each, all);
    if (needed !== undefined && needed !== "none") return needed;
  }
  return undefined;
}

function declaredBy({ text }: ActorFunction): Needed | undefined {
  if (text.includes("= decisionAboutPeople(")) return "administrators:write";
  const [, permission] =
    /^export const [\s\S]*?^ {2}permission: "(\w+:\w+|oneself)"/m.exec(text) ?? [];
  if (permission === "oneself") return "person";
  return permission === undefined ? undefined : permissionCalled(permission);
}

function taggedOn({ doc }: ActorFunction): Needed | undefined {
  const [, tagged] = /@permission (none(?=: \S)|\w+:\w+)/.exec(doc) ?? [];
  return tagged === undefined || tagged === "none" ? tagged : permissionCalled(tagged);
}

function neededAt(
  { called, named }: Call,
  from: ActorFunction,
  all: readonly ActorFunction[],
): Needed | undefined {
  if (ASKS_PERSON.test(called)) return "person";
  const callee = find(called, from, all);
  if (named && (callee || ASKS.test(called))) return permissionCalled(named);
  // Without the caller, so that a circle of them ends.
  return callee && neededBy(callee, without(from, all));
}

function without(one: ActorFunction, all: readonly ActorFunction[]): ActorFunction[] {
  return all.filter((each) => each !== one);
}

/** The functions that one hands its actor to. */
export function handedTo(each: ActorFunction, all: readonly ActorFunction[]): ActorFunction[] {
  return callsOf(each).flatMap(({ called }) => find(called, each, all) ?? []);
}

type Call = { called: string; named: string | undefined };

function callsOf({ text }: ActorFunction): Call[] {
  return [...text.matchAll(CALL)].map(([, called = "", named]) => ({ called, named }));
}

function find(name: string, from: ActorFunction, all: readonly ActorFunction[]) {
  const known = all.filter((each) => each.name === name && each !== from);
  return known.find(({ file }) => file === from.file) ?? known.find((each) => each.isExported);
}

function permissionCalled(name: string): Permission {
  const permission = ALL_PERMISSIONS.find((each) => each === name);
  if (!permission) throw new Error(`${name} is no permission.`);
  return permission;
}
