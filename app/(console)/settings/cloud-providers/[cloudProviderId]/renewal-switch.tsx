"use client";

import { Button, Stack, Switch } from "@mantine/core";
import { useState, useTransition } from "react";
import { FormProblem } from "@/components/form-problem";
import { notifyProblem, notifySuccess } from "@/components/notify";
import type { ActionError } from "@/lib/http/schema";
import type { RotationResult } from "@/lib/registrations/schema";
import { rotateNowAction, setAutoRotateAction } from "../actions";

type RenewalSwitchProps = {
  cloudProviderId: string;
  isOn: boolean;
  /** Of the secret in use. */
  version: number;
};

const SWITCHED_ON = "The application may renew its own secret. Postkey does so from now on.";
const SWITCHED_OFF = "The secret is renewed by hand from now on.";

export function RenewalSwitch({ cloudProviderId, isOn, version }: RenewalSwitchProps) {
  const [problem, setProblem] = useState<ActionError | null>(null);
  const [isSwitching, startSwitching] = useTransition();
  const [isRenewing, startRenewing] = useTransition();

  const toggle = () =>
    startSwitching(async () => {
      setProblem(null);
      const result = await setAutoRotateAction({ cloudProviderId, autoRotate: !isOn });
      if (!result.ok) setProblem(result.error);
      else notifySuccess(isOn ? SWITCHED_OFF : SWITCHED_ON);
    });

  const renew = () =>
    startRenewing(async () => {
      const result = await rotateNowAction({ cloudProviderId, version });
      if (result.ok) announce(result.data);
      else notifyProblem(result.error);
    });

  return (
    <Stack gap="sm" align="flex-start">
      <Switch
        label="Renew the secret automatically (Microsoft Graph)"
        description="A month before it ends, Postkey makes a new secret and puts it in use once it works. The application needs the permission Application.ReadWrite.OwnedBy of Microsoft Graph, and has to be an owner of itself."
        checked={isOn}
        disabled={isSwitching}
        onChange={toggle}
      />
      <FormProblem problem={problem} />
      {isOn && (
        <Button size="xs" variant="default" loading={isRenewing} onClick={renew}>
          Renew now
        </Button>
      )}
    </Stack>
  );
}

/** What a turn came to: good news, or why nothing changed. */
const TEXTS: Readonly<Record<RotationResult["kind"], { isGood: boolean; text: string }>> = {
  rotated: { isGood: true, text: "A new secret is in use. Everybody stays signed in." },
  waiting: {
    isGood: true,
    text: "A new secret was made. It is put in use as soon as Microsoft's sign-in servers know it.",
  },
  not_due: { isGood: false, text: "Somebody replaced the secret meanwhile. Nothing was changed." },
  superseded: {
    isGood: false,
    text: "Somebody replaced the secret meanwhile. Nothing was changed.",
  },
  failed: { isGood: false, text: "The secret was not renewed. The page says why, and what to do." },
};

function announce({ kind }: RotationResult): void {
  const { isGood, text } = TEXTS[kind];
  if (isGood) notifySuccess(text);
  else notifyProblem(text);
}
