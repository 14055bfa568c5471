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
      notifySuccess(isContact ? "The person was erased." : "The address is kept out.");
      onClose();
      onDone();
    },
  });
  return (
    <FormDialog
      title={isContact ? `Erase ${email}?` : `Keep ${email} out?`}
      submitLabel={isContact ? "Erase" : "Keep out"}
      isDangerous
      actionForm={actionForm}
      onClose={onClose}
    >
      {isContact && (
        <>
          <Text size="sm">
            The contact is erased for good. The audit trail keeps that there was one and when it was
            erased, by a number, without address and name. Backups made until now still hold it.
          </Text>
          <Controller
            control={actionForm.form.control}
            name="keepOut"
            render={({ field: { value, onChange, ...field } }) => (
              <Switch
                label="Do not save this address again"
                description="A hash of it is kept for that. Without, the next message makes it a contact again."
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
          Nothing saves this address from now on. A hash of it is kept for that, and can be removed
          here.
        </Text>
      )}
    </FormDialog>
  );
}
