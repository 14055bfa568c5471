import { Button, Loader, Text } from "@mantine/core";
import { IconExternalLink, IconFingerprint } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Dialog } from "@/components/dialog";
import { PasswordField, TextField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { FormProblem } from "@/components/form-problem";
import { showPasskey } from "@/components/passkey";
import { endProof, onProvenElsewhere } from "@/components/proof";
import { useAction, useAnswer } from "@/components/use-action";
import type { ActionError, ActionResult } from "@/lib/http/schema";
import { type ProofMethods, proveOneselfSchema } from "@/lib/people/factors/schema";
import {
  beginPasskeyProofAction,
  findProofMethodsAction,
  proveOneselfAction,
  proveWithPasskeyAction,
} from "./proof-actions";

const TITLE = "Confirm it's you";
const ASKED = "Your last sign-in was a while ago. Nothing that you typed is lost.";
const cancel = () => endProof(false);

export function AskedProof() {
  const { data: methods, problem, setProblem } = useAnswer(() => findProofMethodsAction({}));
  if (methods?.hasPassword) return <PasswordProof methods={methods} />;
  return (
    <Dialog title={TITLE} onClose={cancel}>
      <FormProblem problem={problem} />
      {!methods && !problem && <Loader size="sm" />}
      {methods && <Text size="sm">{introduction(methods)}</Text>}
      {methods?.hasPasskey && <PasskeyProof onProblem={setProblem} />}
      {methods && <CompanyProof companies={methods.companies} />}
    </Dialog>
  );
}

function introduction({ hasPasskey, companies }: ProofMethods): string {
  return hasPasskey || companies.length > 0
    ? ASKED
    : "Your last sign-in was a while ago. Sign out and sign in again to continue.";
}

function PasswordProof({ methods }: { methods: ProofMethods }) {
  const [refused, setRefused] = useState<ActionError | null>(null);
  return (
    <FormDialog
      title={TITLE}
      submitLabel="Confirm"
      schema={proveOneselfSchema}
      defaultValues={{ password: "", code: "" }}
      action={proveOneselfAction}
      done={() => endProof(true)}
      refused={refused}
      keepsOpen
      onClose={cancel}
    >
      <Text size="sm">{ASKED}</Text>
      {methods.hasPasskey && <PasskeyProof onProblem={setRefused} />}
      <CompanyProof companies={methods.companies} />
      <PasswordField
        name="password"
        label="Your password"
        autoComplete="current-password"
        data-autofocus
      />
      {methods.hasAuthenticator && (
        <TextField
          name="code"
          label="Code"
          description="Six digits from your authenticator app, or a recovery code."
          autoComplete="one-time-code"
        />
      )}
    </FormDialog>
  );
}

/** In its own tab; this one continues when that ends. */
function CompanyProof({ companies }: Pick<ProofMethods, "companies">) {
  const [isWaiting, setWaiting] = useState(false);
  useEffect(() => (isWaiting ? onProvenElsewhere(() => endProof(true)) : undefined), [isWaiting]);
  return (
    <>
      {companies.map(({ slug, name }) => (
        <Button
          key={slug}
          component="a"
          href={`/confirm?company=${slug}`}
          target="_blank"
          rel="opener"
          variant="default"
          rightSection={<IconExternalLink size={18} />}
          onClick={() => setWaiting(true)}
        >
          Sign in at {name} again
        </Button>
      ))}
      {isWaiting && (
        <Text size="sm" role="status">
          Sign in in the other tab. This page then continues.
        </Text>
      )}
    </>
  );
}

function PasskeyProof({ onProblem }: { onProblem: (problem: ActionError | null) => void }) {
  const { isBusy, run } = useAction();
  const prove = () =>
    run(async () => {
      const result = await provePasskey();
      if (result?.ok) endProof(true);
      else onProblem(result?.error ?? null);
      return { ok: true, data: null };
    });
  return (
    <Button
      variant="default"
      leftSection={<IconFingerprint size={18} />}
      loading={isBusy}
      onClick={prove}
    >
      Use a passkey
    </Button>
  );
}

/** @returns null if the person cancelled */
async function provePasskey(): Promise<ActionResult<void> | null> {
  const begun = await beginPasskeyProofAction({});
  if (!begun.ok) return begun;
  const shown = await showPasskey(begun.data);
  if (shown.ok) return proveWithPasskeyAction({ response: shown.data });
  return shown.error ? { ok: false, error: shown.error } : null;
}
