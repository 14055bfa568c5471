"use client";

import { Button, Stack, Text } from "@mantine/core";
import { Form } from "@/components/form";
import { FormProblem } from "@/components/form-problem";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { TextField } from "@/components/text-fields";
import { attempt } from "@/components/use-action";
import { useActionForm } from "@/components/use-action-form";
import { FEW_RECOVERY_CODES, secondFactorSchema } from "@/lib/access/factors/schema";
import { findFactorsAction } from "./actions";
import { type Began, requestSession } from "./request-session";

type CodeFormProps = { onBegan: (began: Began) => void; onBack: () => void };

export function CodeForm({ onBegan, onBack }: CodeFormProps) {
  const { form, submit, problem, isSaving } = useActionForm({
    schema: secondFactorSchema,
    defaultValues: { code: "" },
    action: (input) => requestSession("second-factor", input),
    onSuccess: (began) => {
      const { code } = form.getValues();
      onBegan(began);
      if (isRecoveryCode(code)) void tellCodesLeft();
    },
  });
  return (
    <Form onSubmit={submit}>
      <Stack>
        <FormProblem problem={problem} />
        <TextField
          form={form}
          name="code"
          label="Code"
          description="Six digits from your authenticator app. Without your phone, enter a recovery code."
          autoComplete="one-time-code"
          autoFocus
        />
        <Button type="submit" loading={isSaving}>
          Continue
        </Button>
        <Button variant="default" onClick={onBack}>
          Start again
        </Button>
        <Text size="xs" c="dimmed">
          No phone and no recovery codes? Another administrator can remove your second factor. If
          you are the only one, run npm run administrator:reset -- EMAIL on the host.
        </Text>
      </Stack>
    </Form>
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
