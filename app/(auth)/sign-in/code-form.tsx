import { Button, Text } from "@mantine/core";
import { signIn } from "next-auth/react";
import { TextField } from "@/components/fields";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { attempt } from "@/components/use-action";
import { PlainForm, useActionForm } from "@/components/use-action-form";
import { SECOND_FACTOR_NEEDED } from "@/lib/http/auth/schema";
import type { ActionResult } from "@/lib/http/schema";
import { FEW_RECOVERY_CODES, secondFactorSchema } from "@/lib/people/factors/schema";
import { findFactorsAction } from "../actions";

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

export type Began = "session" | "second_factor";

/** next-auth answers in its own shape; our refusal's message is its `error`. */
export async function requestSession(
  provider: "credentials" | "second-factor" | "passkey",
  input: Record<string, string>,
): Promise<ActionResult<Began>> {
  const result = await signIn(provider, { ...input, redirect: false });
  if (result?.ok && !result.error) return { ok: true, data: "session" };
  if (result?.error === SECOND_FACTOR_NEEDED) return { ok: true, data: "second_factor" };
  const isOurs = result?.error?.includes(" ");
  const message = isOurs ? result?.error : undefined;
  return {
    ok: false,
    error: {
      code: "unauthenticated",
      message: message ?? "Could not sign in. The database may be down. Try again in a moment.",
    },
  };
}

/** @returns null if something else is needed, which the sign-in page says */
export async function enter(email: string, password: string): Promise<Began | null> {
  const began = await requestSession("credentials", { email, password }).catch(() => null);
  return began?.ok ? began.data : null;
}
