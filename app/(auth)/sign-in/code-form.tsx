"use client";

import { Button, Text } from "@mantine/core";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { PlainForm } from "@/components/plain-form";
import { TextField } from "@/components/text-fields";
import { attempt } from "@/components/use-action";
import { useActionForm } from "@/components/use-action-form";
import { FEW_RECOVERY_CODES, secondFactorSchema } from "@/lib/people/factors/schema";
import { findFactorsAction } from "../actions";
import { type Began, requestSession } from "./request-session";

type CodeFormProps = { onBegan: (began: Began) => void; onBack: () => void };

export function CodeForm({ onBegan, onBack }: CodeFormProps) {
  const actionForm = useActionForm({
    schema: secondFactorSchema,
    defaultValues: { code: "" },
    action: (input) => requestSession("second-factor", input),
    onSuccess: (began): void => {
      const { code } = actionForm.form.getValues();
      onBegan(began);
      if (isRecoveryCode(code)) void tellCodesLeft();
    },
  });
  return (
    <PlainForm
      actionForm={actionForm}
      submitLabel="Continue"
      below={
        <>
          <Button variant="default" onClick={onBack}>
            Start again
          </Button>
          <Text size="xs" c="dimmed">
            No phone and no recovery codes? Another administrator can remove your second factor. If
            you are the only one, run npm run administrator:reset -- EMAIL on the host.
          </Text>
        </>
      }
    >
      <TextField
        name="code"
        label="Code"
        description="Six digits from your authenticator app. Without your phone, enter a recovery code."
        autoComplete="one-time-code"
        autoFocus
      />
    </PlainForm>
  );
}

function isRecoveryCode(typed: string): boolean {
  return !/^\d{6}$/.test(typed.replaceAll(/\s/g, ""));
}

async function tellCodesLeft(): Promise<void> {
  const found = await attempt(() => findFactorsAction({}));
  if (!found.ok) return;
  const { recoveryCodesLeft: count } = found.data;
  const left = count === 1 ? "1 is left" : `${count === 0 ? "None" : count} are left`;
  const message = `You used a recovery code: ${left}. You can create new ones in your profile.`;
  if (count > FEW_RECOVERY_CODES) notifySuccess(message);
  else notifyProblem(message);
}
