"use client";

import { Alert, Button, Center, Group, Loader, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { ActButton, act } from "@/components/acts";
import { CopyField, CopyForSupport } from "@/components/copy-field";
import { dayText } from "@/components/day";
import { Dialog } from "@/components/dialog";
import { TextField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { FormProblem } from "@/components/form-problem";
import { RelativeTime } from "@/components/relative-time";
import { showOnce } from "@/components/shown-once";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import { useAnswer } from "@/components/use-action";
import { wallTime } from "@/lib/kernel/clock";
import { counted } from "@/lib/kernel/text/schema";
import type { NewAuthenticator } from "@/lib/people/factors/mutations";
import { type Factors, FEW_RECOVERY_CODES, secondFactorSchema } from "@/lib/people/factors/schema";
import { download } from "../download";
import {
  beginAuthenticatorAction,
  confirmAuthenticatorAction,
  removeAuthenticatorAction,
  renewRecoveryCodesAction,
} from "./factor-actions";
import classes from "./profile.module.css";

type AuthenticatorSectionProps = { email: string; hasPassword: boolean; factors: Factors };

export function AuthenticatorSection({ email, hasPassword, factors }: AuthenticatorSectionProps) {
  const { authenticatorSince, recoveryCodesLeft } = factors;
  if (authenticatorSince)
    return (
      <AuthenticatorInUse since={authenticatorSince} codesLeft={recoveryCodesLeft} email={email} />
    );
  return (
    <Stack align="flex-start">
      <Text>
        An app on your phone shows a new code every 30 seconds.{" "}
        {hasPassword
          ? "You enter it after your password, so that the password alone lets no one in."
          : "It is asked for after a password. You have none here, and your company decides what it asks for."}
      </Text>
      <ActButton
        label="Set up an authenticator app"
        dialog={<AuthenticatorDialog email={email} />}
      />
    </Stack>
  );
}

type AuthenticatorInUseProps = { since: Date; codesLeft: number; email: string };

function AuthenticatorInUse({ since, codesLeft, email }: AuthenticatorInUseProps) {
  const router = useRouter();
  return (
    <Stack align="flex-start">
      <Text>
        Set up <RelativeTime at={since} />.{" "}
        {codesLeft === 0
          ? "No recovery codes are"
          : counted(codesLeft, "recovery code is", "recovery codes are")}{" "}
        left.
      </Text>
      {codesLeft <= FEW_RECOVERY_CODES && (
        <Alert color="orange" w="100%">
          Create new recovery codes while you still have your phone.
        </Alert>
      )}
      <Group gap="xs">
        <ActButton
          label="Create new recovery codes"
          confirm={{
            title: "Create new recovery codes?",
            label: "Create codes",
            text:
              codesLeft > 0
                ? "The codes that you kept stop working at once. Have a place ready for the new ones: they are shown once."
                : "Have a place ready for them: they are shown once.",
          }}
          run={act(
            () => renewRecoveryCodesAction({}),
            (codes) => {
              showOnce(<RecoveryCodesDialog codes={codes} email={email} />);
              router.refresh();
            },
          )}
        />
        <ActButton
          label="Remove the app"
          isDangerous
          confirm={{
            title: "Remove the authenticator app?",
            label: "Remove",
            text: "You will sign in with your password alone. Your recovery codes stop working too.",
          }}
          run={act(
            () => removeAuthenticatorAction({}),
            "The app was removed. All your other sessions have ended.",
          )}
        />
      </Group>
    </Stack>
  );
}

const TITLE = "Set up an authenticator app";
const DONE = "The app is set up, and all your other sessions have ended.";

function AuthenticatorDialog({ email }: { email: string }) {
  const { data: made, problem } = useAnswer(() => beginAuthenticatorAction({}));
  if (made) return <FirstCodeDialog made={made} email={email} />;
  return (
    <Dialog title={TITLE}>
      {problem ? <FormProblem problem={problem} /> : <Loader size="sm" />}
    </Dialog>
  );
}

function FirstCodeDialog({ made, email }: { made: NewAuthenticator; email: string }) {
  const router = useRouter();
  return (
    <FormDialog
      title={TITLE}
      submitLabel="Turn on"
      schema={secondFactorSchema}
      defaultValues={{ code: "" }}
      action={confirmAuthenticatorAction}
      done={(codes) => {
        showOnce(<RecoveryCodesDialog codes={codes} email={email} done={DONE} />);
        router.refresh();
      }}
    >
      <Text>
        Scan the picture with an authenticator app, or type the secret into it. Then enter the code
        that the app shows.
      </Text>
      <Button component="a" href={made.address} variant="default" hiddenFrom="sm">
        Open in your authenticator app
      </Button>
      {/* Black on white in dark mode too: many cameras read nothing else. */}
      <Center>
        {/* biome-ignore lint/performance/noImgElement: a picture that is made here, which nothing could make smaller */}
        <img
          src={`data:image/svg+xml;base64,${btoa(made.qrCode)}`}
          alt="QR code with the secret that stands below as text"
          width={200}
          height={200}
        />
      </Center>
      <CopyField
        label="Secret"
        description={`To type it: ${made.secret.match(/.{1,4}/g)?.join(" ")}`}
        value={made.secret}
      />
      <TextField
        name="code"
        label="Code from the app"
        autoComplete="one-time-code"
        inputMode="numeric"
        data-autofocus
      />
    </FormDialog>
  );
}

type RecoveryCodesDialogProps = { codes: readonly string[]; email: string; done?: string };

function RecoveryCodesDialog({ codes, email, done }: RecoveryCodesDialogProps) {
  const text = `${codes.join("\n")}\n`;
  // A file of ten codes found years later says nothing by itself.
  const head = () =>
    `Recovery codes of ${email} for Postkey at ${window.location.origin}, created on ${dayText(wallTime())}\n\n`;
  const save = () => download("postkey-recovery-codes.txt", [head(), text], "text/plain");
  return (
    <ShownOnceDialog title="Your recovery codes" doneLabel="I've saved them">
      {done !== undefined && <Text role="status">{done}</Text>}
      <Text>
        Each code works once in place of a code from the app, together with your password. Don't
        keep them on your phone. They are not shown again.
      </Text>
      <ol className={classes.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <Group gap="xs">
        {/* A second Enter copies the codes and loses nothing. */}
        <CopyForSupport text={text} label="Copy" size="sm" data-autofocus />
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={save}>
          Download
        </Button>
      </Group>
    </ShownOnceDialog>
  );
}
