"use client";

import { CloseButton } from "@mantine/core";
import { useEffect, useSyncExternalStore } from "react";
import { InlineLink } from "./links";
import { routes } from "./routes";
import {
  dismissReadToasts,
  dismissToast,
  noToasts,
  shownToasts,
  subscribeToToasts,
  type Toast,
} from "./toast-store";
import classes from "./toasts.module.css";

/**
 * What was done, and what could not be. Part of the page's layout at its lower edge, above the pager, so that
 * whatever they lie over can be scrolled out below them.
 */
export function Toasts() {
  const toasts = useSyncExternalStore(subscribeToToasts, shownToasts, noToasts);
  useEffect(dismissReadToasts, []);
  return (
    <div className={classes.toasts}>
      {toasts.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastLine({ toast: { id, tone, message, remedyId } }: { toast: Toast }) {
  const dismiss = () => dismissToast(id);
  return (
    <div className={classes.toast} data-tone={tone} role={tone === "problem" ? "alert" : "status"}>
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
