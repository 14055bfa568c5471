"use client";

import { Button, Stack, Switch } from "@mantine/core";
import { useState, useTransition } from "react";
import { FormProblem } from "@/components/form-problem";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { attempt, useAction } from "@/components/use-action";
import type { ActionError } from "@/lib/http/schema";
import type { RotationResult } from "@/lib/registrations/schema";
import { rotateNowAction, setAutoRotateAction } from "../actions";

type RenewalSwitchProps = { cloudProviderId: string; isOn: boolean; version: number };

const SWITCHED_ON =
  "The application can renew its own secret. From now on, Postkey does this for you.";
const SWITCHED_OFF = "From now on, renew the secret by hand.";

export function RenewalSwitch({ cloudProviderId, isOn, version }: RenewalSwitchProps) {
  const [problem, setProblem] = useState<ActionError | null>(null);
  const [isSwitching, startSwitching] = useTransition();
  const { isBusy: isRenewing, run } = useAction();

  const toggle = () =>
    startSwitching(async () => {
      setProblem(null);
      const result = await attempt(() =>
        setAutoRotateAction({ cloudProviderId, autoRotate: !isOn }),
      );
      if (!result.ok) setProblem(result.error);
      else notifySuccess(isOn ? SWITCHED_OFF : SWITCHED_ON);
    });

  const renew = () => run(() => rotateNowAction({ cloudProviderId, version }), announce);

  return (
    <Stack gap="sm" align="flex-start">
      <Switch
        label="Renew the secret automatically (Microsoft Graph)"
        description="A month before the secret expires, Postkey creates another and switches once it works. The application needs the permission Application.ReadWrite.OwnedBy of Microsoft Graph, and must be an owner of itself."
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

const TEXTS = {
  rotated: "A new secret is in use. Everyone stays signed in.",
  waiting:
    "A new secret was created. Postkey switches to it once Microsoft's sign-in servers accept it.",
  not_due: "Someone else replaced the secret in the meantime. Nothing was changed.",
  superseded: "Someone else replaced the secret in the meantime. Nothing was changed.",
  failed: "The secret was not renewed. This page says why and what to do.",
} as const satisfies Record<RotationResult["kind"], string>;

function announce({ kind }: RotationResult): void {
  const notify = kind === "rotated" || kind === "waiting" ? notifySuccess : notifyProblem;
  notify(TEXTS[kind]);
}
