"use client";

import { Button, Stack } from "@mantine/core";
import { useRouter } from "next/navigation";
import { Form } from "@/components/form";
import { FormProblem } from "@/components/form-problem";
import { NewPasswordField } from "@/components/new-password-field";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { usePasswordLinkSchema } from "@/lib/access/passwords/schema";
import { rememberJoined } from "../joined";
import { usePasswordLinkAction } from "./actions";

export function ResetForm({ token, email }: { token: string; email: string }) {
  const router = useRouter();
  const { form, submit, problem, isSaving } = useActionForm({
    schema: usePasswordLinkSchema,
    defaultValues: { token, password: "" },
    action: usePasswordLinkAction,
    onSuccess: () => {
      notifySuccess(`Your password was changed. Sign in as ${email}.`);
      rememberJoined(email);
      router.replace("/sign-in");
    },
  });
  const { errors } = form.formState;
  return (
    <Form onSubmit={submit}>
      <Stack>
        <FormProblem problem={problem} />
        {/* Password managers save a new password for the name that they find. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <NewPasswordField
          label="New password"
          autoFocus
          error={errors.password?.message}
          field={form.register("password")}
        />
        <Button type="submit" loading={isSaving}>
          Change password
        </Button>
      </Stack>
    </Form>
  );
}
