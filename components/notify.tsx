"use client";

import { CloseButton } from "@mantine/core";
import { type SyntheticEvent, useEffect, useState } from "react";
import type { ActionError } from "@/lib/http/schema";
import { SECOND_MS } from "@/lib/kernel/clock";
import { InlineLink } from "./links";
import { routes } from "./routes";
import { storeOf } from "./store";
import classes from "./toasts.module.css";

type Toast = {
  id: number;
  tone: "success" | "problem";
  message: string;
  remedyId?: string | undefined;
};

type Problem = Pick<ActionError, "message" | "fields" | "remedyId">;

const toasts = storeOf<readonly Toast[]>([]);
let lastId = 0;

/** Disappears by itself. @returns removes it earlier */
export function notifySuccess(message: string): () => void {
  return show({ tone: "success", message });
}

/** @returns removes it */
export function notifyProblem(problem: string | Problem): () => void {
  const told: Problem = typeof problem === "string" ? { message: problem } : problem;
  return show({ tone: "problem", message: problemWords(told), remedyId: told.remedyId });
}

/** Its fields' words, or its message. @param isSaid the field shows its own words */
export function problemWords(
  { message, fields = {} }: Problem,
  isSaid: (field: string) => boolean = () => false,
): string {
  const words = Object.entries(fields).flatMap(([field, said]) => (isSaid(field) ? [] : said));
  return words.length > 0 ? [...new Set(words)].join(" ") : message;
}

function show(toast: Omit<Toast, "id">): () => void {
  lastId += 1;
  const id = lastId;
  const others = toasts.get().filter(({ message }) => message !== toast.message);
  toasts.set([...others, { ...toast, id }]);
  return () => dismiss(id);
}

function dismiss(id: number): void {
  toasts.set(toasts.get().filter((toast) => toast.id !== id));
}

/** In the layout, above the pager: what they cover can be scrolled out. */
export function Toasts() {
  return (
    <div className={classes.toasts}>
      {toasts.useValue().map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

/** Enough for slow readers (WCAG 2.2.1). */
const SUCCESS_FOR_MS = 10 * SECOND_MS;

function ToastLine({ toast: { id, tone, message, remedyId } }: { toast: Toast }) {
  const [isHeld, setHeld] = useState(false);
  const stays = isHeld || tone === "problem";
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(dismiss, SUCCESS_FOR_MS, id);
    return () => clearTimeout(timer);
  }, [id, stays]);
  const hold = () => setHeld(true);
  const release = ({ currentTarget }: SyntheticEvent) =>
    setHeld(currentTarget.matches(":hover, :focus-within"));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done with it, it only stays while it is read
    <div
      className={classes.toast}
      data-tone={tone}
      role={tone === "problem" ? "alert" : "status"}
      onMouseEnter={hold}
      onMouseLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      <div className={classes.message}>
        {message}{" "}
        {remedyId !== undefined && (
          <InlineLink href={routes.remedy(remedyId)} onClick={() => dismiss(id)}>
            Why, and what to do
          </InlineLink>
        )}
      </div>
      <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(id)} />
    </div>
  );
}
