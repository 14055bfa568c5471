"use client";

import { PasswordInput, TextInput } from "@mantine/core";
import { useFormContext } from "react-hook-form";
import type { AccountValues } from "./account-values";
import { EmailAddressField } from "./email-address-field";

/** How Postkey gets into a mailbox with a password. */
export function PasswordSignInFields({ hasPassword }: { hasPassword: boolean }) {
  const { register, formState } = useFormContext<AccountValues>();
  return (
    <>
      <EmailAddressField isLogin />
      <TextInput
        label="Username"
        description="The user name for the mail server."
        autoComplete="off"
        withAsterisk
        error={formState.errors.username?.message}
        {...register("username")}
      />
      <PasswordInput
        label="Password"
        description={
          hasPassword
            ? "A password is stored. Leave this empty to keep it for the same servers and user name."
            : undefined
        }
        autoComplete="new-password"
        withAsterisk={!hasPassword}
        aria-invalid={formState.errors.password?.message !== undefined}
        error={formState.errors.password?.message}
        {...register("password")}
      />
    </>
  );
}
