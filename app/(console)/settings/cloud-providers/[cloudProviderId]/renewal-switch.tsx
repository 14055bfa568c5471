"use client";

import { Stack, Switch } from "@mantine/core";
import { ActButton, act } from "@/components/acts";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import type { RotationResult } from "@/lib/registrations/schema";
import { rotateNowAction, setAutoRotateAction } from "../actions";

type RenewalSwitchProps = { cloudProviderId: string; isOn: boolean; version: number };

const SWITCHED_ON =
  "The application can renew its own secret. From now on, Postkey does this for you.";
const SWITCHED_OFF = "From now on, renew the secret by hand.";

export function RenewalSwitch({ cloudProviderId, isOn, version }: RenewalSwitchProps) {
  const { isBusy, run } = useAction();
  const toggle = () =>
    run(
      () => setAutoRotateAction({ cloudProviderId, autoRotate: !isOn }),
      () => notifySuccess(isOn ? SWITCHED_OFF : SWITCHED_ON),
    );
  return (
    <Stack gap="sm" align="flex-start">
      <Switch
        label="Renew the secret automatically (Microsoft Graph)"
        description="A month before the secret expires, Postkey creates another and switches once it works. The application needs the permission Application.ReadWrite.OwnedBy of Microsoft Graph, and must be an owner of itself."
        checked={isOn}
        disabled={isBusy}
        onChange={toggle}
      />
      {isOn && (
        <ActButton
          size="xs"
          label="Renew now"
          run={act(() => rotateNowAction({ cloudProviderId, version }), announce)}
        />
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
