"use client";

import { problemWords } from "./problem-words";
import { showToast } from "./toast-store";

/** What went wrong, in one sentence; of a known failure with its entry of the error catalogue. */
type Problem = { message: string; remedyId?: string; fields?: Record<string, string[]> };

/** One sentence that an action worked; leaves by itself. @returns what takes it away before */
export function notifySuccess(message: string): () => void {
  return showToast({ tone: "success", message });
}

/** One sentence that it did not; stays until it is dismissed. */
export function notifyProblem(problem: string | Problem): void {
  showProblem(problem);
}

/** The same, for who knows when it is over. @returns what takes it away */
export function showProblem(problem: string | Problem): () => void {
  const told: Problem = typeof problem === "string" ? { message: problem } : problem;
  return showToast({ tone: "problem", message: problemWords(told), remedyId: told.remedyId });
}
