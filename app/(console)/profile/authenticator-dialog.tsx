"use client";

import { Button, Center, Loader, Text } from "@mantine/core";
import { CopyField } from "@/components/copy-field";
import { Dialog } from "@/components/dialog";
import { FormDialog } from "@/components/form-dialog";
import { FormProblem } from "@/components/form-problem";
import { showOnce } from "@/components/shown-once-store";
import { TextField } from "@/components/text-fields";
import { useAnswer } from "@/components/use-action";
import { confirmAuthenticatorSchema, type NewAuthenticator } from "@/lib/people/factors/schema";
import { beginAuthenticatorAction, confirmAuthenticatorAction } from "./factor-actions";
import { RecoveryCodesDialog } from "./recovery-codes-dialog";

const TITLE = "Set up an authenticator app";
const DONE = "The app is set up, and all your other sessions have ended.";

type AuthenticatorDialogProps = { email: string; onClose: () => void };

export function AuthenticatorDialog({ email, onClose }: AuthenticatorDialogProps) {
  const { data: made, problem } = useAnswer(() => beginAuthenticatorAction({}));
  if (made) return <FirstCodeDialog made={made} email={email} onClose={onClose} />;
  return (
    <Dialog title={TITLE} onClose={onClose}>
      {problem ? <FormProblem problem={problem} /> : <Loader size="sm" />}
    </Dialog>
  );
}

type FirstCodeDialogProps = AuthenticatorDialogProps & { made: NewAuthenticator };

function FirstCodeDialog({ made, email, onClose }: FirstCodeDialogProps) {
  return (
    <FormDialog
      title={TITLE}
      submitLabel="Turn on"
      schema={confirmAuthenticatorSchema}
      defaultValues={{ code: "" }}
      action={confirmAuthenticatorAction}
      done={(codes) => showOnce(<RecoveryCodesDialog codes={codes} email={email} done={DONE} />)}
      onClose={onClose}
    >
      <Text size="sm">
        Scan the picture with an authenticator app, or type the secret into it. Then enter the code
        that the app shows.
      </Text>
      <Button component="a" href={made.address} variant="default" hiddenFrom="sm">
        Open in your authenticator app
      </Button>
      <QrCode svg={made.qrCode} />
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

/** Black on white in dark mode too: many cameras read nothing else. */
function QrCode({ svg }: { svg: string }) {
  return (
    <Center>
      {/* biome-ignore lint/performance/noImgElement: a picture that is made here, which nothing could make smaller */}
      <img
        src={`data:image/svg+xml;base64,${btoa(svg)}`}
        alt="QR code with the secret that stands below as text"
        width={200}
        height={200}
      />
    </Center>
  );
}
