import { FIELD_EXAMPLES, ONLY_ANSWERED } from "./examples";
import { FIELD_LIMITS, WITHOUT_DEFAULT } from "./limits";
import { REPORT_TEXTS } from "./report-texts";
import { FIELD_TEXTS } from "./texts";

type Node = Record<string, unknown>;
type Table<T> = Readonly<Record<string, T>>;

const TEXTS = { ...FIELD_TEXTS, ...REPORT_TEXTS };

/**
 * Says of every field in a part of the description what it is, what its limits are, and gives an example.
 * What a schema says about itself stays.
 *
 * @param tag of the operation, because some names mean several things
 */
export function completeFields(node: unknown, { tag, isInput }: Place): void {
  if (typeof node !== "object" || node === null) return;
  const { properties } = node as { properties?: unknown };
  if (isRecord(properties))
    for (const [name, field] of Object.entries(properties))
      if (isRecord(field)) completeField(field, { name, tag, isInput });
  for (const each of Object.values(node)) completeFields(each, { tag, isInput });
}

type Place = { tag: string; isInput: boolean };

/** Of one field, or of a parameter. */
function completeField(field: Node, { name, tag, isInput }: Place & { name: string }): void {
  const all = <T>(table: Table<T>) => [table[`${tag}.${name}`], table[name]];
  const of = <T>(table: Table<T>): T | undefined => all(table).find((each) => each !== undefined);
  const description = field.description ?? of(TEXTS);
  if (description !== undefined) field.description = description;
  if (isInput && field.readOnly !== true && isText(field)) Object.assign(field, of(FIELD_LIMITS));
  if (WITHOUT_DEFAULT.has(name)) delete field.default;
  const fitting = all(FIELD_EXAMPLES).filter((each) => each !== undefined && fits(field, each));
  if (fitting.length > 0 && !(isInput && ONLY_ANSWERED.has(name))) field.examples = [fitting[0]];
}

function isText({ type, const: only, enum: some }: Node): boolean {
  return type === "string" && only === undefined && some === undefined;
}

/** Fields of one name have several types: an example is for those that it can be one of. */
function fits(field: Node, example: unknown): boolean {
  if (field.const !== undefined) return field.const === example;
  if (Array.isArray(field.enum)) return field.enum.includes(example);
  if (Array.isArray(field.anyOf))
    return field.anyOf.some((each) => isRecord(each) && fits(each, example));
  const types = Array.isArray(field.type) ? field.type : [field.type];
  return types.includes(typeOf(example));
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value === null) return "null";
  return typeof value === "number" ? "integer" : typeof value;
}

function isRecord(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
