"use client";

import { Button, Group, Stack } from "@mantine/core";
import { Form } from "@/components/form";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import { NewPasswordField, PasswordField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import { changePasswordSchema } from "@/lib/access/passwords/schema";
import { changePasswordAction } from "./actions";

const EMPTY = { current: "", password: "" };

export function PasswordForm({ email }: { email: string }) {
  const { form, submit, problem, isSaving } = useActionForm({
    schema: changePasswordSchema,
    defaultValues: EMPTY,
    action: changePasswordAction,
    onSuccess: () => {
      form.reset(EMPTY);
      notifySuccess("Your password was changed. All your other sessions have ended.");
    },
  });
  return (
    <Form onSubmit={submit}>
      <Stack>
        <FormProblem problem={problem} />
        {/* Password managers save a new password for the name they find. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordField
          form={form}
          name="current"
          label="Current password"
          autoComplete="current-password"
        />
        <NewPasswordField label="New password" form={form} name="password" />
        <Group justify="flex-end">
          <Button type="submit" loading={isSaving}>
            Change password
          </Button>
        </Group>
      </Stack>
    </Form>
  );
}
