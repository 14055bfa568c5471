"use client";

import { problemWords } from "./problem-words";

export type Toast = {
  id: number;
  tone: "success" | "problem";
  message: string;
  /** Entry of the error catalogue. */
  remedyId?: string | undefined;
};

type Problem = { message: string; remedyId?: string; fields?: Record<string, string[]> };

/** Disappears by itself. @returns removes it earlier */
export function notifySuccess(message: string): () => void {
  return show({ tone: "success", message });
}

export function notifyProblem(problem: string | Problem): void {
  showProblem(problem);
}

/** @returns removes it */
export function showProblem(problem: string | Problem): () => void {
  const told: Problem = typeof problem === "string" ? { message: problem } : problem;
  return show({ tone: "problem", message: problemWords(told), remedyId: told.remedyId });
}

const NONE: readonly Toast[] = [];
let toasts = NONE;
let lastId = 0;
const listeners = new Set<() => void>();

function show(toast: Omit<Toast, "id">): () => void {
  lastId += 1;
  const id = lastId;
  set([...toasts.filter(({ message }) => message !== toast.message), { ...toast, id }]);
  return () => dismissToast(id);
}

export function dismissToast(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function subscribeToToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const shownToasts = (): readonly Toast[] => toasts;
export const noToasts = (): readonly Toast[] => NONE;
