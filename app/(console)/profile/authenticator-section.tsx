"use client";

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { RelativeTime } from "@/components/relative-time";
import { showOnce } from "@/components/shown-once-store";
import { useAction } from "@/components/use-action";
import { type Factors, FEW_RECOVERY_CODES } from "@/lib/access/factors/schema";
import { AuthenticatorDialog } from "./authenticator-dialog";
import { removeAuthenticatorAction, renewRecoveryCodesAction } from "./factor-actions";
import { RecoveryCodesDialog } from "./recovery-codes-dialog";

export function AuthenticatorSection({ factors }: { factors: Factors }) {
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
        <AuthenticatorInUse since={authenticatorSince} codesLeft={factors.recoveryCodesLeft} />
      ) : (
        <NoAuthenticator onSetUp={() => setOpen(true)} />
      )}
      {isOpen && <AuthenticatorDialog onClose={close} />}
    </>
  );
}

function NoAuthenticator({ onSetUp }: { onSetUp: () => void }) {
  return (
    <Stack align="flex-start">
      <Text size="sm">
        An app on your phone shows a new code every 30 seconds. You enter it after your password, so
        that the password alone lets no one in.
      </Text>
      <Button variant="default" onClick={onSetUp}>
        Set up an authenticator app
      </Button>
    </Stack>
  );
}

function AuthenticatorInUse({ since, codesLeft }: { since: Date; codesLeft: number }) {
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
        <RenewCodesButton />
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

function RenewCodesButton() {
  const router = useRouter();
  const { isBusy, run } = useAction();
  const show = (codes: readonly string[]) => {
    showOnce(<RecoveryCodesDialog codes={codes} />);
    router.refresh();
  };
  return (
    <Button
      variant="default"
      loading={isBusy}
      onClick={() => run(() => renewRecoveryCodesAction({}), show)}
    >
      Create new recovery codes
    </Button>
  );
}

function codesText(count: number): string {
  if (count === 0) return "No recovery codes are left.";
  return count === 1 ? "1 recovery code is left." : `${count} recovery codes are left.`;
}
