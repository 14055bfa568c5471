"use client";

import { useState, useTransition } from "react";
import type { z } from "zod";
import { withProof } from "@/components/proof";
import type { ActionError } from "@/lib/http/schema";

type ImportOf<R> = {
  /** `/api/contacts/import`. */
  path: string;
  schema: z.ZodType<R>;
};

type Input = { file: File; query?: Readonly<Record<string, string>> };

/** Sends a file, first to be checked and then to be imported: too large for an action. */
export function useImport<R>({ path, schema }: ImportOf<R>) {
  const [report, setReport] = useState<R | null>(null);
  const [problem, setProblem] = useState<ActionError | null>(null);
  const [isBusy, start] = useTransition();

  const send = ({ file, query = {} }: Input, isDryRun: boolean) =>
    start(async () => {
      setProblem(null);
      const search = new URLSearchParams({ ...query, dryRun: String(isDryRun) });
      const result = await withProof(() => post(`${path}?${search}`, file, schema));
      if (result.ok) setReport(result.report);
      else setProblem(result.error);
    });
  const forget = () => {
    setReport(null);
    setProblem(null);
  };
  return { report, problem, isBusy, send, forget };
}

type Posted<R> = { ok: true; report: R } | { ok: false; error: ActionError };

async function post<R>(url: string, body: File, schema: z.ZodType<R>): Promise<Posted<R>> {
  try {
    const response = await fetch(url, { method: "POST", body });
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, report: schema.parse(answer) };
    return { ok: false, error: problemOf(answer) };
  } catch {
    return { ok: false, error: NOT_SENT };
  }
}

const NOT_SENT: ActionError = {
  code: "temporarily_unavailable",
  message: "The file could not be sent. Choose it again, and check the list before you import.",
};

function problemOf(answer: unknown): ActionError {
  const { title, detail } = (answer ?? {}) as { title?: string; detail?: string };
  return { code: title ?? "internal_error", message: detail ?? "The file was not accepted." };
}
