"use client";

import { CloseButton } from "@mantine/core";
import { type SyntheticEvent, useEffect, useState, useSyncExternalStore } from "react";
import { SECOND_MS } from "@/lib/kernel/clock";
import { InlineLink } from "./links";
import { dismissToast, noToasts, shownToasts, subscribeToToasts, type Toast } from "./notify";
import { routes } from "./routes";
import classes from "./toasts.module.css";

/** Enough for slow readers (WCAG 2.2.1). */
const SUCCESS_FOR_MS = 10 * SECOND_MS;

/** In the layout, above the pager: what they cover can be scrolled out. */
export function Toasts() {
  const toasts = useSyncExternalStore(subscribeToToasts, shownToasts, noToasts);
  return (
    <div className={classes.toasts}>
      {toasts.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastLine({ toast: { id, tone, message, remedyId } }: { toast: Toast }) {
  const [isHeld, setHeld] = useState(false);
  const stays = isHeld || tone === "problem";
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(dismissToast, SUCCESS_FOR_MS, id);
    return () => clearTimeout(timer);
  }, [id, stays]);
  const dismiss = () => dismissToast(id);
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
        {message}
        {remedyId !== undefined && (
          <>
            {" "}
            <InlineLink href={routes.remedy(remedyId)} onClick={dismiss}>
              Why, and what to do
            </InlineLink>
          </>
        )}
      </div>
      <CloseButton size="sm" aria-label="Dismiss" onClick={dismiss} />
    </div>
  );
}
