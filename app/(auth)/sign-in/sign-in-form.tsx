"use client";

import { Stack } from "@mantine/core";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { CodeForm } from "./code-form";
import { PasskeyButton } from "./passkey-button";
import { PasswordForm } from "./password-form";
import type { Began } from "./request-session";

type SignInFormProps = {
  /** Where they came from, and go on afterwards. */
  from: Route;
  /** Whether passkeys can be used at this address. */
  hasPasskeys: boolean;
  /** Whether only administrators may come this way. */
  isForEmergencies: boolean;
};

export function SignInForm({ from, hasPasskeys, isForEmergencies }: SignInFormProps) {
  const router = useRouter();
  const [step, setStep] = useState<"password" | "code">("password");
  const goOn = (began: Began) => {
    if (began === "second_factor") return setStep("code");
    router.replace(from);
    router.refresh();
  };
  if (step === "code") return <CodeForm onBegan={goOn} onBack={() => setStep("password")} />;
  return (
    <Stack>
      <PasswordForm
        from={from}
        hasPasskeys={hasPasskeys}
        isForEmergencies={isForEmergencies}
        onBegan={goOn}
      />
      {hasPasskeys && <PasskeyButton onBegan={goOn} />}
    </Stack>
  );
}
