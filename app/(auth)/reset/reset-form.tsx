"use client";

import { Button, PasswordInput, Stack } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { usePasswordLinkSchema } from "@/lib/access/passwords/schema";
import { usePasswordLinkAction } from "./actions";

export function ResetForm() {
  const router = useRouter();
  const { form, submit, problem, isSaving } = useActionForm({
    schema: usePasswordLinkSchema,
    defaultValues: { token: "", password: "" },
    action: usePasswordLinkAction,
    onSuccess: ({ email }) => {
      notifySuccess(`Your password was changed. Sign in as ${email}.`);
      router.replace("/sign-in");
    },
  });
  const { errors } = form.formState;
  const { setValue } = form;
  // Behind the # the token reaches no server log and no other site.
  useEffect(() => setValue("token", window.location.hash.slice(1)), [setValue]);
  const missing = errors.token?.message;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormProblem
          problem={problem ?? (missing ? { code: "invalid_request", message: missing } : null)}
        />
        <PasswordInput
          label="New password"
          description="At least 15 characters. A sentence is easy to remember."
          autoComplete="new-password"
          autoFocus
          error={errors.password?.message}
          {...form.register("password")}
        />
        <Button type="submit" loading={isSaving}>
          Change password
        </Button>
      </Stack>
    </form>
  );
}
