"use client";

import { Stack, Text } from "@mantine/core";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { CodeForm } from "./code-form";
import { PasskeyButton } from "./passkey-button";
import { PasswordForm } from "./password-form";
import type { Began } from "./request-session";

type SignInFormProps = {
  from: Route;
  hasPasskeys: boolean;
  isForEmergencies: boolean;
  before?: ReactNode;
  after?: ReactNode;
};

export function SignInForm(props: SignInFormProps) {
  const { from, hasPasskeys, isForEmergencies, before, after } = props;
  const router = useRouter();
  const [step, setStep] = useState<"password" | "code">("password");
  const [isSigningIn, setSigningIn] = useState(false);
  const goOn = (began: Began) => {
    if (began === "second_factor") return setStep("code");
    router.replace(from);
    router.refresh();
  };
  if (step === "code") return <CodeForm onBegan={goOn} onBack={() => setStep("password")} />;
  return (
    <Stack>
      {before}
      <PasswordForm hasPasskeys={hasPasskeys} onBegan={goOn} onBusy={setSigningIn} />
      {hasPasskeys && <PasskeyButton isDisabled={isSigningIn} onBegan={goOn} />}
      <Text size="xs" c="dimmed">
        {isForEmergencies ? "Are you an administrator and forgot" : "Forgot"} your password? Another
        administrator can give you a link. If you are the only one, run npm run administrator:reset
        -- EMAIL on the host.
      </Text>
      {after}
    </Stack>
  );
}
