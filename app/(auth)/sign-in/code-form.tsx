"use client";

import { Button, Stack, Text, TextInput } from "@mantine/core";
import { FormProblem } from "@/components/form-problem";
import { useActionForm } from "@/components/use-action-form";
import { secondFactorSchema } from "@/lib/access/factors/schema";
import { type Began, requestSession } from "./request-session";

type CodeFormProps = { onBegan: (began: Began) => void; onBack: () => void };

/** The second half, after the right password. */
export function CodeForm({ onBegan, onBack }: CodeFormProps) {
  const { form, submit, problem, isSaving } = useActionForm({
    schema: secondFactorSchema,
    defaultValues: { code: "" },
    action: (input) => requestSession("second-factor", input),
    onSuccess: onBegan,
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormProblem problem={problem} />
        <TextInput
          label="Code"
          description="Six digits from your authenticator app. Without your phone, enter a recovery code."
          autoComplete="one-time-code"
          autoFocus
          error={form.formState.errors.code?.message}
          {...form.register("code")}
        />
        <Button type="submit" loading={isSaving}>
          Continue
        </Button>
        <Button variant="default" onClick={onBack}>
          Start again
        </Button>
        <Text size="xs" c="dimmed">
          No phone and no recovery codes? Another administrator can remove your second factor. If
          there is none, run npm run administrator:reset -- EMAIL on the host.
        </Text>
      </Stack>
    </form>
  );
}
