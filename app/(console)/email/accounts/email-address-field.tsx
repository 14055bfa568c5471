"use client";

import { useFormContext } from "react-hook-form";
import { TextField } from "@/components/text-fields";
import type { AccountValues } from "./account-values";

type EmailAddressFieldProps = {
  isLogin: boolean;
};

/** Most mailboxes sign in with it: the user name follows until it is typed. */
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
