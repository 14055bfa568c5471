"use client";

import { notifySuccess } from "@/components/notify";
import { AT_END, PlainForm } from "@/components/plain-form";
import { NewPasswordField, PasswordField, TextField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import { renameOneselfSchema } from "@/lib/people/administrators/schema";
import { changePasswordSchema } from "@/lib/people/links/schema";
import { changePasswordAction, renameOneselfAction } from "./actions";

export function NameForm({ name }: { name: string }) {
  const actionForm = useActionForm({
    schema: renameOneselfSchema,
    defaultValues: { name },
    action: renameOneselfAction,
    onSuccess: () => notifySuccess("Your name was saved."),
  });
  return (
    <PlainForm
      actionForm={actionForm}
      submitLabel="Save name"
      look={{ ...AT_END, variant: "default" }}
    >
      <TextField
        name="name"
        label="Your name"
        description="The name that other administrators and the audit trail show."
        autoComplete="name"
      />
    </PlainForm>
  );
}

const EMPTY = { current: "", password: "" };

export function PasswordForm({ email }: { email: string }) {
  const actionForm = useActionForm({
    schema: changePasswordSchema,
    defaultValues: EMPTY,
    action: changePasswordAction,
    onSuccess: (): void => {
      actionForm.form.reset(EMPTY);
      notifySuccess("Your password was changed. All your other sessions have ended.");
    },
  });
  return (
    <PlainForm actionForm={actionForm} submitLabel="Change password" look={AT_END}>
      {/* Password managers save a new password for the name they find. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <PasswordField name="current" label="Current password" autoComplete="current-password" />
      <NewPasswordField label="New password" name="password" />
    </PlainForm>
  );
}
