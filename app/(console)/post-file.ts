import type { z } from "zod";
import { askPostkey } from "@/components/ask-postkey";
import type { ActionError, ActionResult } from "@/lib/http/schema";

/** Files are too large for an action. */
export async function postFile<R>(
  url: string,
  body: File,
  schema: z.ZodType<R>,
): Promise<ActionResult<R>> {
  try {
    const response = await askPostkey(url, { method: "POST", body });
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, data: schema.parse(answer) };
    return { ok: false, error: problemOf(answer) };
  } catch {
    return { ok: false, error: NOT_SENT };
  }
}

const NOT_SENT: ActionError = {
  code: "temporarily_unavailable",
  message:
    "The file could not be sent, or the reply did not arrive. Choose it again and check it: lines that were imported are shown as already there.",
};

function problemOf(answer: unknown): ActionError {
  const { title, detail } = (answer ?? {}) as { title?: string; detail?: string };
  return { code: title ?? "internal_error", message: detail ?? "The file was not accepted." };
}
