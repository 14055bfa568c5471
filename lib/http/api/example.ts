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

/**
 * A value that a JSON Schema allows: the examples of its fields, then defaults, then the first choice.
 * @param isInput without what can't be sent, and what may be left out and has no value to show
 */
export function exampleOf(schema: JsonSchema, isInput = false): unknown {
  if (schema.examples) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
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
          .filter(([name, field]) => !isInput || isSent(field, schema.required?.includes(name)))
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

function isSent({ readOnly, default: value, examples }: JsonSchema, isRequired = false): boolean {
  return readOnly !== true && (isRequired || value !== undefined || examples !== undefined);
}
