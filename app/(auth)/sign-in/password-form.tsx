"use client";

import { Button, Stack } from "@mantine/core";
import { useEffect } from "react";
import { Form } from "@/components/form";
import { FormProblem } from "@/components/form-problem";
import { PasswordField, TextField } from "@/components/text-fields";
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
    // Defaults would wipe out what a password manager filled in.
    defaultValues: joinedEmail() === "" ? {} : { email: joinedEmail() },
    action: (input) => requestSession("credentials", input),
    onSuccess: onBegan,
  });
  useEffect(() => onBusy(isSaving), [isSaving, onBusy]);
  return (
    <Form onSubmit={submit}>
      <Stack>
        <FormProblem problem={problem} />
        <TextField
          form={form}
          name="email"
          label="Email"
          type="email"
          autoComplete={hasPasskeys ? "username webauthn" : "username"}
          autoFocus={joinedEmail() === ""}
        />
        <PasswordField
          form={form}
          name="password"
          label="Password"
          autoComplete="current-password"
          autoFocus={joinedEmail() !== ""}
        />
        <Button type="submit" loading={isSaving}>
          Sign in
        </Button>
      </Stack>
    </Form>
  );
}
