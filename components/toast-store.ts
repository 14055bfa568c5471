import { elapsed, SECOND_MS } from "@/lib/kernel/clock";

export type Toast = {
  id: number;
  tone: "success" | "problem";
  message: string;
  /** Of a known failure: its entry of the error catalogue. */
  remedyId?: string | undefined;
};

type Shown = Toast & { shownAt: number };

/** A sentence that something worked is read by then. */
const SUCCESS_FOR_MS = 8 * SECOND_MS;
/** An action that leads to another page says there what it did. */
const SAME_ACT_MS = SECOND_MS;

const NONE: readonly Shown[] = [];
let toasts = NONE;
let lastId = 0;
const listeners = new Set<() => void>();

/** Shows a sentence, or the same one again. @returns what takes it away */
export function showToast(toast: Omit<Toast, "id">): () => void {
  lastId += 1;
  const id = lastId;
  set([
    ...toasts.filter(({ message }) => message !== toast.message),
    { ...toast, id, shownAt: elapsed() },
  ]);
  const dismiss = () => dismissToast(id);
  if (toast.tone === "success") setTimeout(dismiss, SUCCESS_FOR_MS);
  return dismiss;
}

export function dismissToast(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

/** On another page only a problem still matters, and what led to that page. */
export function dismissReadToasts(): void {
  const now = elapsed();
  set(toasts.filter(({ tone, shownAt }) => tone === "problem" || now - shownAt < SAME_ACT_MS));
}

function set(next: readonly Shown[]): void {
  if (next.length === toasts.length && next.every((toast, at) => toast === toasts[at])) return;
  toasts = next;
  for (const listener of listeners) listener();
}

export function subscribeToToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const shownToasts = (): readonly Toast[] => toasts;
export const noToasts = (): readonly Toast[] => NONE;
