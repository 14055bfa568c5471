import { z } from "zod";
import { readOnlyFields } from "./editing";
import type { Editing } from "./operation";

export type Json = Readonly<Record<string, unknown>>;

export type Described = {
  oneOf?: Described[];
  properties?: Record<string, Json>;
  required?: string[];
};

/** What may be changed, and what GET has beside it; of a patch, everything may be left out. */
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
  // A part of one variant may be a part of another as well.
  return { [isPatch ? "anyOf" : "oneOf"]: schema.oneOf.map(edited) };
}

export function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const options = { io, unrepresentable: "any", override: complete } as const;
  const { $schema: _, ...rest } = z.toJSONSchema(schema, options);
  return rest;
}

type Found = { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema };

/** Says what Zod leaves open: generators of clients make nothing of a field without a type. */
function complete({ zodSchema: { _zod }, jsonSchema: said }: Found): void {
  const { def } = _zod;
  // Those of the language: no limits of ours.
  if (said.minimum === Number.MIN_SAFE_INTEGER) delete said.minimum;
  if (said.maximum === Number.MAX_SAFE_INTEGER) delete said.maximum;
  // What a transformation makes of a field is not known; those of Postkey keep the type of what goes in.
  if (
    def.type === "pipe" &&
    def.out._zod.def.type === "transform" &&
    Object.keys(said).length === 0
  )
    Object.assign(said, jsonSchema(def.in as z.ZodType, "input"));
  // The keys of a record are known, and its properties are asked for by name: OpenAPI wants both.
  if (def.type === "record" && said.required && typeof said.additionalProperties === "object") {
    const { additionalProperties: value } = said;
    said.properties = Object.fromEntries(said.required.map((name) => [name, value]));
    delete said.propertyNames;
    said.additionalProperties = false;
  }
}
