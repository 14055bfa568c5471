import type { z } from "zod";
import type { FieldErrors } from "@/lib/kernel/errors";
import { sizeText, ZODS_OWN } from "@/lib/kernel/fields/issue-words";
import { fieldsOf } from "./operation";

export type InputPlace = "body" | "query";

type Read<S extends z.ZodType> =
  | { ok: true; data: z.output<S> }
  | { ok: false; fields: FieldErrors };
type Issue = z.core.$ZodIssue;
type Context = { input: unknown; place: InputPlace; known: WeakMap<string[], string[]> };

/** All problems at once; form texts (“Choose a service.”) become the values to send. */
export function readForProgram<S extends z.ZodType>(
  schema: S,
  input: unknown,
  place: InputPlace,
): Read<S> {
  const known: Context["known"] = new WeakMap();
  const parsed = schema.safeParse(input, {
    error: (issue) => {
      if (issue.code === "unrecognized_keys" && issue.inst)
        known.set(issue.keys, fieldsOf(issue.inst as z.core.$ZodType));
      return issue.input === undefined ? MISSING : undefined;
    },
  });
  const hidden = prototypesIn(input);
  const repeated = place === "query" ? repeatedIn(input) : [];
  if (parsed.success && hidden.length === 0 && repeated.length === 0)
    return { ok: true, data: parsed.data };
  // A Map, because a field may be named like one of Object's own.
  const fields = new Map<string, string[]>();
  const told = parsed.error?.issues.filter((issue) => !isOfOne(issue, repeated)) ?? [];
  const issues = told.flatMap(explain({ input, place, known }));
  const unknown = hidden.map((name) => [name, unknownField(PROTOTYPE, [])] as const);
  const twice = repeated.map((name) => [name, SEND_ONCE] as const);
  for (const [name, message] of [...issues, ...unknown, ...twice])
    fields.set(name, [...(fields.get(name) ?? []), message]);
  return { ok: false, fields: Object.fromEntries(fields) };
}

const SEND_ONCE = "This parameter is given more than once. Send it once.";

/** Which of them is meant is unknown. */
function repeatedIn(query: unknown): string[] {
  return Object.entries(Object(query)).flatMap(([name, value]) =>
    Array.isArray(value) ? [name] : [],
  );
}

/** That a parameter is repeated says more than its value. */
function isOfOne(issue: Issue, names: readonly string[]): boolean {
  return names.includes(String(issue.path[0])) && issue.code !== "unrecognized_keys";
}

const PROTOTYPE = "__proto__";

const NAMED_PROTOTYPES = 10;

/** A chain, because input may be as deep as it is long. */
type Within = { value: object; name: string; above: Within | null };

/** Such as `__proto__`, which schemas do not see. */
function prototypesIn(input: unknown): string[] {
  const found: string[] = [];
  const left: Within[] = isObject(input) ? [{ value: input, name: "", above: null }] : [];
  for (let next = left.pop(); next && found.length < NAMED_PROTOTYPES; next = left.pop()) {
    const above = next;
    if (Object.hasOwn(above.value, PROTOTYPE)) found.push(nameOf([...pathOf(above), PROTOTYPE]));
    for (const [name, value] of Object.entries(above.value))
      if (isObject(value)) left.push({ value, name, above });
  }
  return found;
}

function pathOf(within: Within): string[] {
  const path: string[] = [];
  for (let at = within; at.above; at = at.above) path.push(at.name);
  return path.toReversed();
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

const MISSING = "This field is missing.";

const explain =
  (context: Context) =>
  (issue: Issue): [string, string][] => {
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => [
        nameOf([...issue.path, key]),
        unknownField(key, context.known.get(issue.keys) ?? []),
      ]);
    const value = valueAt(context.input, issue.path);
    if (issue.code === "invalid_union" && issue.errors.length > 0 && value !== undefined) {
      // The last choice is the meant one; the others are “empty”.
      const inner = issue.errors.at(-1) ?? [];
      const moved = inner.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
      if (issue.message === "Invalid input") return moved.flatMap(explain(context));
    }
    return [[nameOf(issue.path), reasonOf(issue, value, context.place)]];
  };

function nameOf(path: PropertyKey[]): string {
  return path.join(".") || "root";
}

function unknownField(key: string, known: readonly string[]): string {
  const meant = similarName(key, known);
  if (meant) return `This field is unknown. Did you mean “${meant}”?`;
  return known.length > 0
    ? `This field is unknown. Known fields: ${known.join(", ")}.`
    : "This field is unknown.";
}

function reasonOf(issue: Issue, value: unknown, place: InputPlace): string {
  const choices = choicesOf(issue);
  if (choices.length > 0) return choiceProblem(choices, value);
  if (value === undefined) return issue.message;
  if (issue.code === "invalid_type")
    return `Expected ${EXPECTED[issue.expected] ?? issue.expected}${gotInstead(value, place)}.`;
  return (ZODS_OWN.test(issue.message) && limitOf(issue)) || issue.message;
}

function limitOf(issue: Issue): string | undefined {
  switch (issue.code) {
    case "too_big":
      return `Expected at most ${sizeText(issue.maximum, issue.origin)}.`;
    case "too_small":
      return `Expected at least ${sizeText(issue.minimum, issue.origin)}.`;
    case "invalid_format":
      return `Expected ${FORMATS[issue.format] ?? `the format ${issue.pattern ?? issue.format}`}.`;
    default:
      return undefined;
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "an array",
  null: "null",
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: "an id, such as 3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10",
  date: "a day, such as 2027-01-31",
  datetime: "a time, such as 2027-01-31T12:00:00Z",
};

/** Values of a body may be secrets. */
function gotInstead(value: unknown, place: InputPlace): string {
  if (place === "query") return "";
  if (value === null) return ", not null";
  if (Array.isArray(value)) return ", not an array";
  if (typeof value === "boolean") return `, not ${value}`;
  return `, not ${EXPECTED[typeof value] ?? typeof value}`;
}

function choicesOf(issue: Issue): string[] {
  if (issue.code === "invalid_value") return issue.values.map((each) => JSON.stringify(each));
  if (issue.code !== "invalid_union" || !("options" in issue)) return [];
  const { options } = issue;
  if (!Array.isArray(options)) return [];
  return options.filter((each) => each != null).map((each) => JSON.stringify(each));
}

function choiceProblem(choices: string[], value: unknown): string {
  const list = new Intl.ListFormat("en", { type: "disjunction" }).format(choices);
  if (value === undefined) return `${MISSING} Expected ${list}.`;
  const meant =
    typeof value === "string" &&
    similarName(
      value,
      choices.map((each) => each.slice(1, -1)),
    );
  return meant ? `Expected ${list}. Did you mean “${meant}”?` : `Expected ${list}.`;
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
    input,
  );
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Longer names are no typos. */
const LENGTH_MAX = 64;

export function similarName(name: string, known: readonly string[]): string | undefined {
  const typed = plain(name);
  if (typed === "" || name.length > LENGTH_MAX) return undefined;
  const allowed = Math.max(1, Math.floor(typed.length / 4));
  const ranked = known
    .map((each) => ({ each, distance: editDistance(typed, plain(each)) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((one, other) => one.distance - other.distance);
  return ranked[0]?.each;
}

function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = one[i - 1] === other[j - 1] ? 0 : 1;
      const isSwapped = j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const ways = [at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + replaced];
      next[j] = Math.min(...ways, ...(isSwapped ? [at(before, j - 2) + 1] : []));
    }
    [before, row] = [row, next];
  }
  return at(row, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? 0;
}
