import { z } from "zod";
import { readOnlyFields } from "./editing";
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
