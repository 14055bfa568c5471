"use client";

import { useState, useTransition } from "react";
import type { z } from "zod";
import { askPostkey } from "@/components/ask-postkey";
import { withProof } from "@/components/proof";
import type { ActionError } from "@/lib/http/schema";

export type ImportOf<R> = {
  path: string;
  schema: z.ZodType<R>;
  query?: Readonly<Record<string, string | undefined>>;
  onImported?: (report: R) => void;
};

/** With anything else, the report no longer applies. */
type Answer<R> = { of: string; report: R | null; problem: ActionError | null };

/** Files are too large for an action. */
export function useImport<R>({ path, schema, query = {}, onImported }: ImportOf<R>) {
  const [answer, setAnswer] = useState<Answer<R> | null>(null);
  const [isBusy, start] = useTransition();
  const of = String(new URLSearchParams(withoutEmpty(query)));
  const isCurrent = answer?.of === of;

  const send = (file: File, isDryRun: boolean) =>
    start(async () => {
      if (isCurrent) setAnswer({ ...answer, problem: null });
      const search = new URLSearchParams(of);
      search.set("dryRun", String(isDryRun));
      const result = await withProof(() => post(`${path}?${search}`, file, schema));
      const before = isCurrent ? answer.report : null;
      if (!result.ok) return setAnswer({ of, report: before, problem: result.error });
      setAnswer({ of, report: result.report, problem: null });
      if (!isDryRun) onImported?.(result.report);
    });
  return {
    report: isCurrent ? answer.report : null,
    problem: isCurrent ? answer.problem : null,
    isBusy,
    send,
    forget: () => setAnswer(null),
  };
}

function withoutEmpty(query: Readonly<Record<string, string | undefined>>): [string, string][] {
  return Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []));
}

type Posted<R> = { ok: true; report: R } | { ok: false; error: ActionError };

async function post<R>(url: string, body: File, schema: z.ZodType<R>): Promise<Posted<R>> {
  try {
    const response = await askPostkey(url, { method: "POST", body });
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, report: schema.parse(answer) };
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
