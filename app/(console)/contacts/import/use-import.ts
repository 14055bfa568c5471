"use client";

import { useState, useTransition } from "react";
import { type ImportReport, importReportSchema } from "@/lib/contacts/import/schema";
import type { ActionError } from "@/lib/http/schema";

type Input = { contactListId: string; file: File };

/** Sends a file, first to be checked and then to be imported: too large for an action. */
export function useImport() {
  const [report, setReport] = useState<ImportReport | null>(null);
  const [problem, setProblem] = useState<ActionError | null>(null);
  const [isBusy, start] = useTransition();

  const send = (input: Input, isDryRun: boolean) =>
    start(async () => {
      setProblem(null);
      const result = await post(input, isDryRun);
      if ("rows" in result) setReport(result);
      else setProblem(result);
    });
  const forget = () => {
    setReport(null);
    setProblem(null);
  };
  return { report, problem, isBusy, send, forget };
}

async function post(input: Input, isDryRun: boolean): Promise<ImportReport | ActionError> {
  const { contactListId, file } = input;
  const query = new URLSearchParams({ contactListId, dryRun: String(isDryRun) });
  try {
    const response = await fetch(`/api/contacts/import?${query}`, { method: "POST", body: file });
    const answer: unknown = await response.json();
    return response.ok ? importReportSchema.parse(answer) : problemOf(answer);
  } catch {
    return {
      code: "temporarily_unavailable",
      message: "The file could not be sent. Choose it again, and check the list before you import.",
    };
  }
}

function problemOf(answer: unknown): ActionError {
  const { title, detail } = (answer ?? {}) as { title?: string; detail?: string };
  return { code: title ?? "internal_error", message: detail ?? "The file was not accepted." };
}
