import { openApiDocument } from "@/lib/http/api/openapi";
import { OPERATIONS } from "@/lib/http/api/operations/all";
import type { Permission } from "@/lib/kernel/permissions/schema";
import { counted } from "@/lib/kernel/text/schema";

export type Parameter = {
  name: string;
  in: string;
  required: boolean;
  description: string;
  allowed: string;
};

export type OperationView = {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  body: { contentType: string; text: string; fields: Field[] } | null;
  isForPrograms: boolean;
  permission: Permission | null;
  answer: { status: string; description: string; schema: string | null; choices: Field[] };
};

export type OperationGroup = { id: string; tag: string; operations: OperationView[] };

export type Field = {
  path: string;
  /** Sometimes: depending on another field. */
  isNeeded: "always" | "sometimes" | "never";
  description: string;
  allowed: string;
  isChoice: boolean;
};

const BY_ID = new Map(OPERATIONS.map((operation) => [operation.id, operation]));

type Described = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: (Omit<Parameter, "allowed"> & { schema: Schema })[];
  requestBody?: { content: Record<string, { example: unknown; schema: Schema }> };
  responses: Record<
    string,
    { description?: string; content?: Record<string, { example?: unknown; schema: Schema }> }
  >;
};

export function describeOperations(origin: string): OperationGroup[] {
  const document = openApiDocument(origin) as {
    tags: { name: string }[];
    paths: Record<string, Record<string, Described>>;
  };
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      tag: described.tags[0],
      ...viewOf(method.toUpperCase(), path, described),
    })),
  );
  return document.tags.map(({ name }) => ({
    id: name.toLowerCase().replaceAll(" ", "-"),
    tag: name,
    operations: all.filter(({ tag }) => tag === name),
  }));
}

function viewOf(method: string, path: string, described: Described): OperationView {
  const { operationId, summary, description = "", parameters = [], requestBody } = described;
  const [status = "200"] = Object.keys(described.responses);
  const answer = described.responses[status];
  const [content] = Object.values(answer?.content ?? {});
  const [sent = null] = Object.entries(requestBody?.content ?? {});
  return {
    id: operationId,
    method,
    path,
    summary,
    description,
    parameters: parameters.map(({ name, in: place, required, description: text = "", schema }) => ({
      name,
      in: place,
      required,
      description: text,
      allowed: allowedText([schema], text),
    })),
    isForPrograms: BY_ID.get(operationId)?.isForPrograms ?? false,
    permission: BY_ID.get(operationId)?.permission ?? null,
    body: sent && {
      contentType: sent[0],
      text: textOf(sent[1].example),
      fields: fieldsOf(sent[1].schema),
    },
    answer: {
      status,
      description: answer?.description ?? "",
      schema: content?.example === undefined ? null : JSON.stringify(content.example, null, 2),
      choices: content ? choicesIn(content.schema) : [],
    },
  };
}

function choicesIn(schema: Schema): Field[] {
  return fieldsOf(schema).flatMap((field) =>
    field.isChoice ? [{ ...field, description: "", isNeeded: "never" }] : [],
  );
}

function fieldsOf(schema: Schema, before = ""): Field[] {
  const variants = variantsOf(schema);
  const names = new Set(variants.flatMap(({ properties = {} }) => Object.keys(properties)));
  const needed = (name: string) => {
    const count = variants.filter(({ required = [] }) => required.includes(name)).length;
    if (count === 0) return "never";
    return count === variants.length ? "always" : "sometimes";
  };
  return [...names].flatMap((name) => {
    const found = variants.flatMap(({ properties = {} }) => properties[name] ?? []);
    const [field] = found;
    if (!field || field.readOnly) return [];
    const path = before + name;
    const { description = "" } = field;
    const allowed = allowedText(found, description);
    return [
      { path, isNeeded: needed(name), description, allowed, isChoice: found.some(isChoice) },
      ...fieldsOf({ anyOf: found }, isList(field) ? `${path}[].` : `${path}.`),
    ];
  });
}

function variantsOf(schema: Schema): Schema[] {
  const { oneOf, anyOf = oneOf, items, properties } = schema;
  if (anyOf) return anyOf.flatMap(variantsOf);
  if (items) return variantsOf(items);
  return properties ? [schema] : [];
}

function isList({ oneOf = [], anyOf = oneOf, items }: Schema): boolean {
  return items !== undefined || anyOf.some(isList);
}

function textOf(example: unknown): string {
  return typeof example === "string" ? example : JSON.stringify(example, null, 2);
}

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
  return text && `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
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
