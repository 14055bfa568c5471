"use client";

import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { Form } from "@/components/form";
import { FormProblem } from "@/components/form-problem";
import { NewPasswordField } from "@/components/new-password-field";
import { notifySuccess } from "@/components/notify";
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
  const { errors } = form.formState;
  return (
    <Form onSubmit={submit}>
      <Stack>
        <FormProblem problem={problem} />
        {/* Password managers save a new password for the name that they find. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          error={errors.current?.message}
          aria-invalid={errors.current?.message !== undefined}
          {...form.register("current")}
        />
        <NewPasswordField
          label="New password"
          error={errors.password?.message}
          field={form.register("password")}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isSaving}>
            Change password
          </Button>
        </Group>
      </Stack>
    </Form>
  );
}
