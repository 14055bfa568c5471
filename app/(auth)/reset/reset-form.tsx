"use client";

import { Button, Stack } from "@mantine/core";
import { useRouter } from "next/navigation";
import { FormProblem } from "@/components/form-problem";
import { NewPasswordField } from "@/components/new-password-field";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { usePasswordLinkSchema } from "@/lib/access/passwords/schema";
import { linkProblem, useLinkToken } from "../link-token";
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
  useLinkToken(form.setValue);
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormProblem problem={problem ?? linkProblem(errors.token?.message)} />
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
    </form>
  );
}
