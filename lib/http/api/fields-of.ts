import type { z } from "zod";

export function fieldsOf(schema: z.core.$ZodType): string[] {
  return [...new Set(shapesOf(schema).flatMap((shape) => Object.keys(shape)))];
}

/** Unwraps down to objects. */
function shapesOf(schema: z.core.$ZodType): z.core.$ZodShape[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object":
      return [def.shape];
    case "union":
      return def.options.flatMap(shapesOf);
    case "pipe":
      return shapesOf(def.in);
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
      return shapesOf(def.innerType);
    default:
      return [];
  }
}
