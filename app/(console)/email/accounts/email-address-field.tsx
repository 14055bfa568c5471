"use client";

import { useFormContext } from "react-hook-form";
import { TextField } from "@/components/text-fields";
import type { AccountValues } from "./account-values";

type EmailAddressFieldProps = {
  /** Whether the mailbox usually signs in with it. */
  isLogin: boolean;
};

/** What mail is from. Most mailboxes sign in under it: followed until the user name is typed itself. */
export function EmailAddressField({ isLogin }: EmailAddressFieldProps) {
  const { ...form } = useFormContext<AccountValues>();
  const suggestUsername = () => {
    if (isLogin && !form.getFieldState("username").isDirty)
      form.setValue("username", form.getValues("emailAddress").trim());
  };
  return (
    <TextField<AccountValues>
      name="emailAddress"
      onChange={suggestUsername}
      label="Email Address"
      description="Messages are sent from this address."
      type="email"
      withAsterisk
    />
  );
}
