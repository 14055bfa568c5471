"use client";

import { CloseButton } from "@mantine/core";
import { type SyntheticEvent, useEffect, useSyncExternalStore } from "react";
import { InlineLink } from "./links";
import { routes } from "./routes";
import {
  dismissToast,
  holdToast,
  letLeave,
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
  return (
    <div className={classes.toasts}>
      {toasts.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastLine({ toast }: { toast: Toast }) {
  const { id, tone, message, remedyId } = toast;
  const dismiss = () => dismissToast(id);
  const hold = () => holdToast(id);
  const release = ({ currentTarget }: SyntheticEvent) => {
    if (!currentTarget.matches(":hover, :focus-within")) letLeave(toast);
  };
  useEffect(() => letLeave(toast), [toast]);
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
