"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { endedSession } from "@/components/drafts";
import { goToCompany } from "@/components/go-to-company";
import { PlainForm } from "@/components/plain-form";
import { PasswordField, TextField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import { credentialsSchema } from "@/lib/people/administrators/schema";
import type { CompanyButton } from "@/lib/people/company/schema";
import { CodeForm } from "./code-form";
import { PasskeyButton } from "./passkey-button";
import { type Began, requestSession } from "./request-session";

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

type CompanyButtonsProps = { buttons: CompanyButton[]; from: Route; isPrimary: boolean };

export function CompanyButtons({ buttons, from, isPrimary }: CompanyButtonsProps) {
  const [busy, setBusy] = useState<string | null>(null);
  const go = (slug: string) => {
    setBusy(slug);
    goToCompany(slug, { purpose: "sign_in", callbackUrl: from }).catch(() => setBusy(null));
  };
  return (
    <Stack>
      {buttons.map(({ slug, name }) => (
        <Button
          key={slug}
          variant={isPrimary ? "filled" : "default"}
          loading={busy === slug}
          onClick={() => go(slug)}
        >
          Sign in with {name}
        </Button>
      ))}
    </Stack>
  );
}

export function SessionEnded({ from }: { from: string }) {
  const session = useSyncExternalStore(
    unchanging,
    () => endedSession(from),
    () => "no",
  );
  if (session === "no") return null;
  return (
    <Alert color="indigo" role="status">
      {session === "ended"
        ? "Your session ended. Sign in to continue."
        : "Your session ended. Sign in to continue; what you typed is kept."}
    </Alert>
  );
}

/** Only this tab writes there, and not while this is shown. */
const unchanging = () => () => {};

type PasswordFormProps = {
  hasPasskeys: boolean;
  onBegan: (began: Began) => void;
  onBusy: (isBusy: boolean) => void;
};

function PasswordForm(props: PasswordFormProps) {
  const { hasPasskeys, onBegan, onBusy } = props;
  const actionForm = useActionForm({
    schema: credentialsSchema,
    // Defaults would wipe out what a password manager filled in.
    defaultValues: {},
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
        autoFocus
      />
      <PasswordField name="password" label="Password" autoComplete="current-password" />
    </PlainForm>
  );
}
