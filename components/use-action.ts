import { unstable_rethrow } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState, useTransition } from "react";
import type { ActionError, ActionResult } from "@/lib/http/schema";
import { notifyProblem } from "./notify";
import { withProof } from "./proof";
import { renewWishesAt } from "./use-wish";

const UNREACHABLE: ActionError = {
  code: "temporarily_unavailable",
  message: "Postkey is not responding. Reload the page to see what was done.",
};

/** A refusal stays until the next try. */
export function useAction() {
  const [isBusy, start] = useTransition();
  const forgetProblem = useRef<() => void>(undefined);
  const run = <T>(action: () => Promise<ActionResult<T>>, onSuccess?: (data: T) => void) =>
    start(async () => {
      forgetProblem.current?.();
      const result = await attempt(action);
      if (result.ok) onSuccess?.(result.data);
      else forgetProblem.current = notifyProblem(result.error);
    });
  return { isBusy, run };
}

export function useAnswer<T>(
  action: () => Promise<ActionResult<T>>,
  onAnswer: (data: T) => void = () => {},
) {
  const [data, setData] = useState<T>();
  const [problem, setProblem] = useState<ActionError | null>(null);
  const ask = useEffectEvent(async () => {
    const result = await attempt(action);
    if (!result.ok) return setProblem(result.error);
    setData(() => result.data);
    onAnswer(result.data);
  });
  useEffect(() => void ask(), []);
  return { data, problem, setData, setProblem, askAgain: ask };
}

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

export function leaveFor(href: string): void {
  renewWishesAt(new URL(href, window.location.href));
  window.location.assign(href);
}
