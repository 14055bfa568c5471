"use client";

import { Loader, Text } from "@mantine/core";
import { useState } from "react";
import { DecisionDialog } from "@/components/decision-dialog";
import { Dialog } from "@/components/dialog";
import { FormProblem } from "@/components/form-problem";
import { endProof } from "@/components/proof";
import { PasswordField, TextField } from "@/components/text-fields";
import { useAnswer } from "@/components/use-action";
import { useActionForm } from "@/components/use-action-form";
import { type ProofMethods, proveOneselfSchema } from "@/lib/access/factors/schema";
import type { ActionError } from "@/lib/http/schema";
import { findProofMethodsAction, proveOneselfAction } from "./proof-actions";
import { CompanyProof, PasskeyProof } from "./proof-buttons";

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
  const { form, submit, problem, isSaving } = useActionForm({
    schema: proveOneselfSchema,
    defaultValues: { password: "", code: "" },
    action: proveOneselfAction,
    onSuccess: () => endProof(true),
  });
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
      <PasswordField
        form={form}
        name="password"
        label="Your password"
        autoComplete="current-password"
        data-autofocus
      />
      {methods.hasAuthenticator && (
        <TextField
          form={form}
          name="code"
          label="Code"
          description="Six digits from your authenticator app, or a recovery code."
          autoComplete="one-time-code"
        />
      )}
    </DecisionDialog>
  );
}
