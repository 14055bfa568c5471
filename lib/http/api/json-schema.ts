import { z } from "zod";
import { readOnlyFields } from "./editing";
import { FORMAT_EXAMPLES } from "./fields/examples";
import type { Editing } from "./operation";

export type Json = Readonly<Record<string, unknown>>;

export type Described = {
  oneOf?: Described[];
  properties?: Record<string, Json>;
  required?: string[];
};

/** With GET's read-only fields; in a patch, all are optional. */
export function editedSchema({ isPatch, ...editing }: Editing): Json {
  const names = readOnlyFields(editing);
  const { properties: shown = {} } = jsonSchema(editing.answer, "output") as Described;
  const readOnly = names.flatMap((name) => {
    const field = shown[name];
    return field ? [[name, { ...field, readOnly: true }] as const] : [];
  });
  const edited = ({ properties, required = [], ...rest }: Described): Described => ({
    ...rest,
    properties: { ...properties, ...Object.fromEntries(readOnly) },
    ...(!isPatch && { required: required.filter((name) => !names.includes(name)) }),
  });
  const schema = jsonSchema(editing.schema, "input") as Described;
  if (!schema.oneOf) return edited(schema);
  // Parts of variants may overlap.
  return { [isPatch ? "anyOf" : "oneOf"]: schema.oneOf.map(edited) };
}

export function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const options = { io, unrepresentable: "any", override: complete } as const;
  const { $schema: _, ...rest } = z.toJSONSchema(schema, options);
  return rest;
}

type Found = { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema };

/** Client generators need a type for every field. */
function complete({ zodSchema: { _zod }, jsonSchema: said }: Found): void {
  const { def } = _zod;
  // JavaScript's bounds, not ours.
  if (said.minimum === Number.MIN_SAFE_INTEGER) delete said.minimum;
  if (said.maximum === Number.MAX_SAFE_INTEGER) delete said.maximum;
  // Postkey's transformations keep the input's type.
  if (
    def.type === "pipe" &&
    def.out._zod.def.type === "transform" &&
    Object.keys(said).length === 0
  )
    Object.assign(said, jsonSchema(def.in as z.ZodType, "input"));
}

export type JsonSchema = {
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  type?: string | string[];
  format?: string;
  minimum?: number;
  readOnly?: boolean;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
};

/** Examples, then defaults, then the first choice. @param isInput leaves out read-only fields */
export function exampleOf(schema: JsonSchema, isInput = false): unknown {
  if (schema.examples) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (isNullableText(schema)) return null;
  const [choice] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (choice) return exampleOf(choice, isInput);
  const { type } = schema;
  return ofType(schema, Array.isArray(type) ? type[0] : type, isInput);
}

function ofType(schema: JsonSchema, type: string | undefined, isInput: boolean): unknown {
  switch (type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name, field]) => isShown(field, schema.required?.includes(name), isInput))
          .map(([name, field]) => [name, exampleOf(field, isInput)]),
      );
    case "array":
      return schema.items && !isInput ? [exampleOf(schema.items)] : [];
    case "boolean":
      return true;
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "string":
      return FORMAT_EXAMPLES[schema.format ?? ""] ?? "";
    default:
      return null;
  }
}

function isShown(field: JsonSchema, isRequired = false, isInput = false): boolean {
  const { readOnly, default: value, examples } = field;
  if (isInput && readOnly === true) return false;
  return isRequired || value !== undefined || examples !== undefined;
}

/** Null says more than an arbitrary text or time. */
function isNullableText({ anyOf = [] }: JsonSchema): boolean {
  const [text, none] = anyOf;
  if (none?.type !== "null" || text?.type !== "string" || text.enum) return false;
  return !text.format || text.format === "date-time";
}
