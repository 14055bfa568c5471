"use client";

import { Button, Stack } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { startTransition, useEffect, useState } from "react";
import { keepFocus } from "@/components/form";
import { FormProblem } from "@/components/form-problem";
import { canOfferPasskeys, showPasskey, stopOfferingPasskeys } from "@/components/passkey";
import { attempt, useAction } from "@/components/use-action";
import type { ActionError, ActionResult } from "@/lib/http/schema";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { beginPasskeySignInAction } from "../actions";
import { type Began, requestSession } from "./request-session";

/** A challenge lasts five minutes. */
const OFFER_ANEW_MS = 4 * MINUTE_MS;

type PasskeyButtonProps = {
  /** While a password is checked, a second click must not land here. */
  isDisabled: boolean;
  onBegan: (began: Began) => void;
};

export function PasskeyButton({ isDisabled, onBegan }: PasskeyButtonProps) {
  const [problem, setProblem] = useState<ActionError | null>(null);
  const { isBusy, run } = useAction();
  const finish = (result: ActionResult<Began> | null) => {
    setProblem(result && !result.ok ? result.error : null);
    // Busy until the next page is there.
    if (result?.ok) startTransition(() => onBegan(result.data));
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: offered once, for as long as the page is open
  useEffect(() => {
    let isGone = false;
    const offer = async () => {
      if (!(await canOfferPasskeys()) || isGone) return;
      const result = await signInWithPasskey(true);
      if (result && !isGone) finish(result);
    };
    void offer().catch(() => {}); // the button is there as well
    const timer = setInterval(() => void offer().catch(() => {}), OFFER_ANEW_MS);
    return () => {
      isGone = true;
      clearInterval(timer);
      void stopOfferingPasskeys();
    };
  }, []);

  const use = () =>
    run(async () => {
      finish(await signInWithPasskey(false));
      return { ok: true, data: null };
    });
  return (
    <Stack gap="xs">
      <FormProblem problem={problem} />
      <Button
        variant="default"
        leftSection={<IconFingerprint size={18} />}
        loading={isBusy}
        disabled={isDisabled}
        onMouseDown={keepFocus}
        onClick={use}
      >
        Sign in with a passkey
      </Button>
    </Stack>
  );
}

/** @returns null if the person cancelled */
async function signInWithPasskey(isOffer: boolean): Promise<ActionResult<Began> | null> {
  const begun = await attempt(() => beginPasskeySignInAction({}));
  if (!begun.ok) return isOffer ? null : begun;
  const shown = await showPasskey(begun.data, isOffer);
  if (shown.ok) return requestSession("passkey", { response: shown.data });
  return shown.error && !isOffer ? { ok: false, error: shown.error } : null;
}
