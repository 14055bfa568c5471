"use client";

import { Switch, Text } from "@mantine/core";
import { Controller } from "react-hook-form";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { erasePersonSchema } from "@/lib/contacts/privacy/schema";
import { erasePersonAction } from "../actions";

type ErasePersonDialogProps = {
  email: string;
  isContact: boolean;
  onDone: () => void;
  onClose: () => void;
};

export function ErasePersonDialog({ email, isContact, onDone, onClose }: ErasePersonDialogProps) {
  const actionForm = useActionForm({
    schema: erasePersonSchema,
    defaultValues: { email, keepOut: true },
    action: erasePersonAction,
    onSuccess: () => {
      notifySuccess(isContact ? "The person was erased." : "The address is blocked.");
      onClose();
      onDone();
    },
  });
  return (
    <FormDialog
      title={isContact ? `Erase ${email}?` : `Block ${email}?`}
      submitLabel={isContact ? "Erase" : "Block"}
      isDangerous
      actionForm={actionForm}
      onClose={onClose}
    >
      {isContact && (
        <>
          <Text size="sm">
            The contact is erased for good. The audit trail records that a contact existed and when
            it was erased, with a number instead of the address and name. Existing backups still
            contain it.
          </Text>
          <Controller
            control={actionForm.form.control}
            name="keepOut"
            render={({ field: { value, onChange, ...field } }) => (
              <Switch
                label="Do not save this address again"
                description="Postkey keeps a hash to recognise it; otherwise the next message recreates the contact."
                checked={value}
                onChange={(event) => onChange(event.currentTarget.checked)}
                {...field}
              />
            )}
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
