import { capital, counted } from "@/lib/kernel/text/schema";

export type Schema = {
  oneOf?: Schema[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  readOnly?: boolean;
  description?: string;
  type?: string | string[];
  format?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
};

/** What a field takes, in one sentence. @param description limits that it states are not repeated */
export function allowedText(found: readonly Schema[], description = ""): string {
  const parts = [...new Set(found.flatMap(partsOf))].filter((part) => !isTold(part, description));
  const values = parts.some((part) => part !== "`null`") ? OR.format(parts) : "";
  const [usual] = found.flatMap(({ default: value }) => (isShown(value) ? [inCode(value)] : []));
  const text = [values, usual && `${usual} if left out`].filter(Boolean).join("; ");
  return text && `${capital(text)}.`;
}

export function isChoice(schema: Schema): boolean {
  const { enum: values, const: only, oneOf = [], anyOf = oneOf, items } = schema;
  return values !== undefined || only !== undefined || (items ? [items] : anyOf).some(isChoice);
}

const OR = new Intl.ListFormat("en", { type: "disjunction" });

function partsOf(schema: Schema): string[] {
  if (schema.const !== undefined) return [inCode(schema.const)];
  if (schema.enum) return schema.enum.map(inCode);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.flatMap(partsOf);
  const { type } = schema;
  return (Array.isArray(type) ? type : [type]).flatMap((each) => ofType(schema, each));
}

function ofType(schema: Schema, type: string | undefined): string[] {
  switch (type) {
    case "null":
      return ["`null`"];
    case "boolean":
      return ["`true`", "`false`"];
    case "integer":
    case "number":
      return bounds(schema.minimum, schema.maximum);
    case "string":
      return FORMATS[schema.format ?? ""] ?? bounds(undefined, schema.maxLength, "character");
    case "array":
      return ofArray(schema);
    default:
      return [];
  }
}

const FORMATS: Readonly<Record<string, string[]>> = {
  date: ["a day, such as `2027-01-31`"],
  "date-time": ["a time, such as `2027-01-31T12:00:00Z`"],
};

function ofArray({ minItems, maxItems, items = {} }: Schema): string[] {
  if (isChoice(items)) return [`a list of ${OR.format(partsOf(items))}`];
  return bounds(minItems, maxItems, "item");
}

function bounds(min: number | undefined, max: number | undefined, unit?: string): string[] {
  const shown = (count: number) => (unit ? counted(count, unit) : count.toLocaleString("en"));
  if (max === undefined) return min === undefined ? [] : [`at least ${shown(min)}`];
  return [
    min === undefined ? `at most ${shown(max)}` : `${min.toLocaleString("en")} to ${shown(max)}`,
  ];
}

/** A schema may read more than is kept, which its text says. */
function isTold(part: string, description: string): boolean {
  return LENGTH.test(part) && LENGTH.test(description);
}
const LENGTH = /at most [\d,]+ characters/i;

function isShown(value: unknown): boolean {
  return typeof value === "boolean" || typeof value === "number" || (isText(value) && value !== "");
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function inCode(value: unknown): string {
  return `\`${isText(value) && value !== "" ? value : JSON.stringify(value)}\``;
}
