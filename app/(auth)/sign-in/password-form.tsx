"use client";

import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useEffect } from "react";
import { Form } from "@/components/form";
import { FormProblem } from "@/components/form-problem";
import { useActionForm } from "@/components/use-action-form";
import { credentialsSchema } from "@/lib/access/administrators/schema";
import { joinedEmail } from "../joined";
import { type Began, requestSession } from "./request-session";

type PasswordFormProps = {
  hasPasskeys: boolean;
  onBegan: (began: Began) => void;
  onBusy: (isBusy: boolean) => void;
};

export function PasswordForm(props: PasswordFormProps) {
  const { hasPasskeys, onBegan, onBusy } = props;
  const { form, submit, problem, isSaving } = useActionForm({
    schema: credentialsSchema,
    defaultValues: { email: joinedEmail(), password: "" },
    action: (input) => requestSession("credentials", input),
    onSuccess: onBegan,
  });
  const { errors } = form.formState;
  useEffect(() => onBusy(isSaving), [isSaving, onBusy]);
  return (
    <Form onSubmit={submit}>
      <Stack>
        <FormProblem problem={problem} />
        <TextInput
          label="Email"
          type="email"
          autoComplete={hasPasskeys ? "username webauthn" : "username"}
          autoFocus={joinedEmail() === ""}
          error={errors.email?.message}
          {...form.register("email")}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          autoFocus={joinedEmail() !== ""}
          aria-invalid={errors.password?.message !== undefined}
          error={errors.password?.message}
          {...form.register("password")}
        />
        <Button type="submit" loading={isSaving}>
          Sign in
        </Button>
      </Stack>
    </Form>
  );
}
