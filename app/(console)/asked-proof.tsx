"use client";

import { Button, Loader, PasswordInput, Text, TextInput } from "@mantine/core";
import { IconExternalLink, IconFingerprint } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { DecisionDialog } from "@/components/decision-dialog";
import { Dialog } from "@/components/dialog";
import { FormProblem } from "@/components/form-problem";
import { showPasskey } from "@/components/passkey";
import { endProof } from "@/components/proof";
import { onProvenElsewhere } from "@/components/proof-elsewhere";
import { attempt, useAction } from "@/components/use-action";
import { useActionForm } from "@/components/use-action-form";
import { type ProofMethods, proveOneselfSchema } from "@/lib/access/factors/schema";
import type { ActionError, ActionResult } from "@/lib/http/schema";
import {
  beginPasskeyProofAction,
  findProofMethodsAction,
  proveOneselfAction,
  proveWithPasskeyAction,
} from "./proof-actions";

const TITLE = "Confirm it's you";
const ASKED = "Your last sign-in was a while ago. Nothing that you typed is lost.";
const cancel = () => endProof(false);

/** Asks who sits there. */
export function AskedProof() {
  const [methods, setMethods] = useState<ProofMethods | null>(null);
  const [problem, setProblem] = useState<ActionError | null>(null);
  useEffect(() => {
    void attempt(() => findProofMethodsAction({})).then((result) =>
      result.ok ? setMethods(result.data) : setProblem(result.error),
    );
  }, []);
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
  const { form, submit, problem, isSaving } = useActionForm({
    schema: proveOneselfSchema,
    defaultValues: { password: "", code: "" },
    action: proveOneselfAction,
    onSuccess: () => endProof(true),
  });
  const { errors } = form.formState;
  return (
    <DecisionDialog
      title={TITLE}
      submitLabel="Confirm"
      problem={problem ?? refused}
      isBusy={isSaving}
      onSubmit={submit}
      onClose={cancel}
    >
      <Text size="sm">{ASKED}</Text>
      {methods.hasPasskey && <PasskeyProof onProblem={setRefused} />}
      <CompanyProof companies={methods.companies} />
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        data-autofocus
        error={errors.password?.message}
        aria-invalid={errors.password?.message !== undefined}
        {...form.register("password")}
      />
      {methods.hasAuthenticator && (
        <TextInput
          label="Code"
          description="Six digits from your authenticator app, or a recovery code."
          autoComplete="one-time-code"
          error={errors.code?.message}
          {...form.register("code")}
        />
      )}
    </DecisionDialog>
  );
}

/** In a tab of its own, so that this one stays as it is: it goes on when the other one has ended. */
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

/** @returns null when the person did not want to */
async function provePasskey(): Promise<ActionResult<void> | null> {
  const begun = await beginPasskeyProofAction({});
  if (!begun.ok) return begun;
  const shown = await showPasskey(begun.data);
  if (shown.ok) return proveWithPasskeyAction({ response: shown.data });
  return shown.error ? { ok: false, error: shown.error } : null;
}
