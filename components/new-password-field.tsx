import { PasswordInput } from "@mantine/core";
import type { UseFormRegisterReturn } from "react-hook-form";
import { MIN_PASSWORD_CHARACTERS } from "@/lib/access/administrators/schema";

type NewPasswordFieldProps = {
  label: string;
  autoFocus?: boolean;
  error: string | undefined;
  field: UseFormRegisterReturn;
};

/** Where a person chooses a password of their own. */
export function NewPasswordField({ field, ...input }: NewPasswordFieldProps) {
  return (
    <PasswordInput
      {...input}
      description={`At least ${MIN_PASSWORD_CHARACTERS} characters. A sentence is easy to remember.`}
      autoComplete="new-password"
      aria-invalid={input.error !== undefined}
      {...field}
    />
  );
}
