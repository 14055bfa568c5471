"use client";

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { RelativeTime } from "@/components/relative-time";
import { showOnce } from "@/components/shown-once-store";
import { type Factors, FEW_RECOVERY_CODES } from "@/lib/access/factors/schema";
import { AuthenticatorDialog } from "./authenticator-dialog";
import { removeAuthenticatorAction, renewRecoveryCodesAction } from "./factor-actions";
import { RecoveryCodesDialog } from "./recovery-codes-dialog";

type AuthenticatorSectionProps = {
  /** Whose codes they are, as the file with them says. */
  email: string;
  hasPassword: boolean;
  factors: Factors;
};

export function AuthenticatorSection({ email, hasPassword, factors }: AuthenticatorSectionProps) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    router.refresh();
  };
  const { authenticatorSince } = factors;
  return (
    <>
      {authenticatorSince ? (
        <AuthenticatorInUse
          since={authenticatorSince}
          codesLeft={factors.recoveryCodesLeft}
          email={email}
        />
      ) : (
        <NoAuthenticator hasPassword={hasPassword} onSetUp={() => setOpen(true)} />
      )}
      {isOpen && <AuthenticatorDialog email={email} onClose={close} />}
    </>
  );
}

type NoAuthenticatorProps = { hasPassword: boolean; onSetUp: () => void };

function NoAuthenticator({ hasPassword, onSetUp }: NoAuthenticatorProps) {
  return (
    <Stack align="flex-start">
      <Text size="sm">
        An app on your phone shows a new code every 30 seconds.{" "}
        {hasPassword
          ? "You enter it after your password, so that the password alone lets no one in."
          : "It is asked for after a password. You have none here, and your company decides what it asks for."}
      </Text>
      <Button variant="default" onClick={onSetUp}>
        Set up an authenticator app
      </Button>
    </Stack>
  );
}

type AuthenticatorInUseProps = { since: Date; codesLeft: number; email: string };

function AuthenticatorInUse({ since, codesLeft, email }: AuthenticatorInUseProps) {
  const [isAsked, setAsked] = useState(false);
  return (
    <Stack align="flex-start">
      <Text size="sm">
        Set up <RelativeTime at={since} />. {codesText(codesLeft)}
      </Text>
      {codesLeft <= FEW_RECOVERY_CODES && (
        <Alert color="orange" w="100%">
          Create new recovery codes while you still have your phone.
        </Alert>
      )}
      <Group gap="xs">
        <RenewCodesButton codesLeft={codesLeft} email={email} />
        <Button variant="default" onClick={() => setAsked(true)}>
          Remove the app
        </Button>
      </Group>
      {isAsked && (
        <ConfirmDialog
          title="Remove the authenticator app?"
          confirmLabel="Remove"
          isDangerous
          action={() => removeAuthenticatorAction({})}
          onSuccess={() =>
            notifySuccess("The app was removed. All your other sessions have ended.")
          }
          onClose={() => setAsked(false)}
        >
          <Text size="sm">
            You will sign in with your password alone. Your recovery codes stop working too.
          </Text>
        </ConfirmDialog>
      )}
    </Stack>
  );
}

function RenewCodesButton({ codesLeft, email }: { codesLeft: number; email: string }) {
  const router = useRouter();
  const [isAsked, setAsked] = useState(false);
  const show = (codes: readonly string[]) => {
    setAsked(false);
    showOnce(<RecoveryCodesDialog codes={codes} email={email} />);
    router.refresh();
  };
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        Create new recovery codes
      </Button>
      {isAsked && (
        <ConfirmDialog
          title="Create new recovery codes?"
          confirmLabel="Create codes"
          action={() => renewRecoveryCodesAction({})}
          onSuccess={show}
          onClose={() => setAsked(false)}
        >
          <Text size="sm">
            {codesLeft > 0
              ? "The codes that you kept stop working at once. Have a place ready for the new ones: they are shown once."
              : "Have a place ready for them: they are shown once."}
          </Text>
        </ConfirmDialog>
      )}
    </>
  );
}

function codesText(count: number): string {
  if (count === 0) return "No recovery codes are left.";
  return count === 1 ? "1 recovery code is left." : `${count} recovery codes are left.`;
}
