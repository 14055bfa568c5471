"use client";

import { useEffect } from "react";
import { PlainForm } from "@/components/plain-form";
import { PasswordField, TextField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import { credentialsSchema } from "@/lib/people/administrators/schema";
import { joinedEmail } from "../joined";
import { type Began, requestSession } from "./request-session";

type PasswordFormProps = {
  hasPasskeys: boolean;
  onBegan: (began: Began) => void;
  onBusy: (isBusy: boolean) => void;
};

export function PasswordForm(props: PasswordFormProps) {
  const { hasPasskeys, onBegan, onBusy } = props;
  const actionForm = useActionForm({
    schema: credentialsSchema,
    // Defaults would wipe out what a password manager filled in.
    defaultValues: joinedEmail() === "" ? {} : { email: joinedEmail() },
    action: (input) => requestSession("credentials", input),
    onSuccess: onBegan,
  });
  const { isSaving } = actionForm;
  useEffect(() => onBusy(isSaving), [isSaving, onBusy]);
  return (
    <PlainForm actionForm={actionForm} submitLabel="Sign in">
      <TextField
        name="email"
        label="Email"
        type="email"
        autoComplete={hasPasskeys ? "username webauthn" : "username"}
        autoFocus={joinedEmail() === ""}
      />
      <PasswordField
        name="password"
        label="Password"
        autoComplete="current-password"
        autoFocus={joinedEmail() !== ""}
      />
    </PlainForm>
  );
}
