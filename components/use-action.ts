"use client";

import { unstable_rethrow } from "next/navigation";
import { useRef, useTransition } from "react";
import type { ActionError, ActionResult } from "@/lib/http/schema";
import { showProblem } from "./notify";
import { withProof } from "./proof";

const UNREACHABLE: ActionError = {
  code: "temporarily_unavailable",
  message: "Postkey is not responding. Reload the page to see what was done.",
};

/**
 * Runs an action from a button or a menu: busy while it lasts, and a refusal is announced until it is tried
 * again.
 */
export function useAction() {
  const [isBusy, start] = useTransition();
  const forgetProblem = useRef<() => void>(undefined);
  const run = <T>(action: () => Promise<ActionResult<T>>, onSuccess?: (data: T) => void) =>
    start(async () => {
      forgetProblem.current?.();
      const result = await attempt(action);
      if (result.ok) onSuccess?.(result.data);
      else forgetProblem.current = showProblem(result.error);
    });
  return { isBusy, run };
}

/** What an action came to, also when its request failed. */
export async function attempt<T>(
  action: () => Promise<ActionResult<T>>,
  isStillWanted?: () => boolean,
): Promise<ActionResult<T>> {
  try {
    return await withProof(action, isStillWanted);
  } catch (error) {
    unstable_rethrow(error); // redirect() to the sign-in travels as an exception
    return { ok: false, error: UNREACHABLE };
  }
}

/** For what an action answers with when the browser has to go elsewhere. */
export function leaveFor(href: string): void {
  window.location.assign(href);
}
