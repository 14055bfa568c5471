"use client";

import { Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { makePasskey } from "@/components/passkey";
import { withProof } from "@/components/proof";
import { TextField } from "@/components/text-fields";
import type { ActionResult } from "@/lib/http/schema";
import { newPasskeySchema } from "@/lib/people/passkeys/schema";
import { addPasskeyAction, beginAddingPasskeyAction } from "./factor-actions";

type AddPasskeyDialogProps = { defaultName: string; onClose: () => void };

export function AddPasskeyDialog({ defaultName, onClose }: AddPasskeyDialogProps) {
  const router = useRouter();
  return (
    <FormDialog
      title="Add a passkey"
      submitLabel="Continue"
      schema={newPasskeySchema}
      defaultValues={{ name: defaultName }}
      action={addNamed}
      done={() => {
        notifySuccess("The passkey was added. All your other sessions have ended.");
        router.refresh();
      }}
      onClose={onClose}
    >
      <Text size="sm">
        Your browser asks next where to keep the passkey: on this device, on a phone or on a
        security key.
      </Text>
      <TextField
        name="name"
        label="Name"
        description="A name to recognise it by, such as where it is kept."
        data-autofocus
      />
    </FormDialog>
  );
}

async function addNamed({ name }: { name: string }): Promise<ActionResult<void>> {
  const begun = await withProof(() => beginAddingPasskeyAction({}));
  if (!begun.ok) return begun;
  const made = await makePasskey(begun.data);
  if (made.ok) return addPasskeyAction({ name, response: made.data });
  const message = "No passkey was created. Try again when you are ready.";
  return { ok: false, error: made.error ?? { code: "conflict", message } };
}
