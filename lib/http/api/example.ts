import { FORMAT_EXAMPLES } from "./fields/examples";

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

/** Null says more than an arbitrary text. */
function isNullableText({ type, format, anyOf = [] }: JsonSchema): boolean {
  if (Array.isArray(type)) return type.includes("null") && type.includes("string") && !format;
  const [text, none] = anyOf;
  return (
    anyOf.length === 2 &&
    none?.type === "null" &&
    text?.type === "string" &&
    !text.format &&
    !text.enum
  );
}
