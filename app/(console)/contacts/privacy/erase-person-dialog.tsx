"use client";

import { Text } from "@mantine/core";
import type { z } from "zod";
import { SwitchField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { erasePersonSchema } from "@/lib/contacts/privacy/schema";
import { erasePersonAction } from "../actions";

type ErasePersonDialogProps = {
  email: string;
  isContact: boolean;
  onDone: () => void;
  onClose: () => void;
};

export function ErasePersonDialog({ email, isContact, onDone, onClose }: ErasePersonDialogProps) {
  return (
    <FormDialog
      title={isContact ? `Erase ${email}?` : `Block ${email}?`}
      submitLabel={isContact ? "Erase" : "Block"}
      isDangerous
      schema={erasePersonSchema}
      defaultValues={{ email, keepOut: true }}
      action={erasePersonAction}
      done={() => {
        notifySuccess(isContact ? "The person was erased." : "The address is blocked.");
        onDone();
      }}
      onClose={onClose}
    >
      {isContact && (
        <>
          <Text size="sm">
            The contact is erased for good. The audit trail records that a contact existed and when
            it was erased, with a number instead of the address and name. Existing backups still
            contain it.
          </Text>
          <SwitchField<z.input<typeof erasePersonSchema>>
            name="keepOut"
            label="Do not save this address again"
            description="Postkey keeps a hash to recognise it; otherwise the next message recreates the contact."
          />
        </>
      )}
      {!isContact && (
        <Text size="sm">
          Postkey no longer saves this address. It keeps a hash to recognise it, which you can
          remove here.
        </Text>
      )}
    </FormDialog>
  );
}
