import "server-only";
import type { z } from "zod";
import type { FieldErrors } from "@/lib/kernel/errors";
import { issueWords } from "@/lib/kernel/fields/issue-words";

type Read<T> = { ok: true; data: T } | { ok: false; fields: FieldErrors };

/** All problems at once. */
export function readFields<S extends z.ZodType>(schema: S, input: unknown): Read<z.output<S>> {
  const parsed = schema.safeParse(input, { error: missing });
  return parsed.success
    ? { ok: true, data: parsed.data }
    : { ok: false, fields: fieldErrors(parsed.error) };
}

/** For fields that forms cannot leave out. */
function missing({ code, input }: z.core.$ZodRawIssue): string | undefined {
  return code === "invalid_type" && input === undefined ? "This field is missing." : undefined;
}

function fieldErrors(error: z.ZodError): FieldErrors {
  const fields: FieldErrors = {};
  for (const issue of error.issues) {
    const name = issue.path.join(".") || "root";
    fields[name] = [...(fields[name] ?? []), issueWords(issue)];
  }
  return fields;
}
