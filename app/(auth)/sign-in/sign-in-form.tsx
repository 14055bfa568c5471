"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { type ReactNode, startTransition, useEffect, useState, useSyncExternalStore } from "react";
import { PasswordField, TextField } from "@/components/fields";
import { keepFocus } from "@/components/form";
import { FormProblem } from "@/components/form-problem";
import { goToCompany } from "@/components/go-to-company";
import { canOfferPasskeys, showPasskey, stopOfferingPasskeys } from "@/components/passkey";
import { endedSession } from "@/components/tab-memory";
import { attempt, useAction } from "@/components/use-action";
import { PlainForm, useActionForm } from "@/components/use-action-form";
import type { ActionError, ActionResult } from "@/lib/http/schema";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { credentialsSchema } from "@/lib/people/administrators/schema";
import type { CompanyButton } from "@/lib/people/company/schema";
import { beginPasskeySignInAction } from "../actions";
import { type Began, CodeForm, requestSession } from "./code-form";

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

/** A challenge lasts five minutes. */
const OFFER_ANEW_MS = 4 * MINUTE_MS;

type PasskeyButtonProps = {
  /** While a password is checked, a second click must not land here. */
  isDisabled: boolean;
  onBegan: (began: Began) => void;
};

export function PasskeyButton({ isDisabled, onBegan }: PasskeyButtonProps) {
  const [problem, setProblem] = useState<ActionError | null>(null);
  const { isBusy, run } = useAction();
  const finish = (result: ActionResult<Began> | null) => {
    setProblem(result && !result.ok ? result.error : null);
    // Busy until the next page is there.
    if (result?.ok) startTransition(() => onBegan(result.data));
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: offered once, for as long as the page is open
  useEffect(() => {
    let isGone = false;
    const offer = async () => {
      if (!(await canOfferPasskeys()) || isGone) return;
      const result = await signInWithPasskey(true);
      if (result && !isGone) finish(result);
    };
    void offer().catch(() => {}); // the button is there as well
    const timer = setInterval(() => void offer().catch(() => {}), OFFER_ANEW_MS);
    return () => {
      isGone = true;
      clearInterval(timer);
      void stopOfferingPasskeys();
    };
  }, []);

  const use = () =>
    run(async () => {
      finish(await signInWithPasskey(false));
      return { ok: true, data: null };
    });
  return (
    <Stack gap="xs">
      <FormProblem problem={problem} />
      <Button
        variant="default"
        leftSection={<IconFingerprint size={18} />}
        loading={isBusy}
        disabled={isDisabled}
        onMouseDown={keepFocus}
        onClick={use}
      >
        Sign in with a passkey
      </Button>
    </Stack>
  );
}

/** @returns null if the person cancelled */
async function signInWithPasskey(isOffer: boolean): Promise<ActionResult<Began> | null> {
  const begun = await attempt(() => beginPasskeySignInAction({}));
  if (!begun.ok) return isOffer ? null : begun;
  const shown = await showPasskey(begun.data, isOffer);
  if (shown.ok) return requestSession("passkey", { response: shown.data });
  return shown.error && !isOffer ? { ok: false, error: shown.error } : null;
}
