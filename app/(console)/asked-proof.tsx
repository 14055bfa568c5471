"use client";

import { Loader, Text } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "@/components/dialog";
import { FormDialog } from "@/components/form-dialog";
import { FormProblem } from "@/components/form-problem";
import { endProof } from "@/components/proof";
import { PasswordField, TextField } from "@/components/text-fields";
import { useAnswer } from "@/components/use-action";
import type { ActionError } from "@/lib/http/schema";
import { type ProofMethods, proveOneselfSchema } from "@/lib/people/factors/schema";
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
