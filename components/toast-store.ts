import { SECOND_MS } from "@/lib/kernel/clock";

export type Toast = {
  id: number;
  tone: "success" | "problem";
  message: string;
  /** Of a known failure: its entry of the error catalogue. */
  remedyId?: string | undefined;
};

/** A sentence that something worked is read by then, by a slow reader too (WCAG 2.2.1). */
const SUCCESS_FOR_MS = 10 * SECOND_MS;

const NONE: readonly Toast[] = [];
let toasts = NONE;
let lastId = 0;
const listeners = new Set<() => void>();
const leaving = new Map<number, ReturnType<typeof setTimeout>>();

/** Shows a sentence, or the same one again. @returns what takes it away */
export function showToast(toast: Omit<Toast, "id">): () => void {
  lastId += 1;
  const id = lastId;
  set([...toasts.filter(({ message }) => message !== toast.message), { ...toast, id }]);
  return () => dismissToast(id);
}

/** From when it is seen: a busy browser shows it late, and what led to another page is read there. */
export function letLeave({ id, tone }: Toast): void {
  if (tone === "success" && !leaving.has(id))
    leaving.set(
      id,
      setTimeout(() => dismissToast(id), SUCCESS_FOR_MS),
    );
}

/** While it has the pointer or the focus. */
export function holdToast(id: number): void {
  clearTimeout(leaving.get(id));
  leaving.delete(id);
}

export function dismissToast(id: number): void {
  holdToast(id);
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
