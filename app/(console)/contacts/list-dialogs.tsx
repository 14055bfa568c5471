"use client";

import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { TextField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import { createContactListSchema, renameContactListSchema } from "@/lib/contacts/lists/schema";
import { createContactListAction, renameContactListAction } from "./actions";

export function NewListDialog({ onClose }: { onClose: () => void }) {
  const actionForm = useActionForm({
    schema: createContactListSchema,
    defaultValues: { name: "" },
    action: createContactListAction,
    onSuccess: ({ name }) => {
      notifySuccess(`The list ${name} was created.`);
      onClose();
    },
  });
  const { form } = actionForm;
  return (
    <FormDialog
      title="New list"
      submitLabel="Create list"
      actionForm={actionForm}
      onClose={onClose}
    >
      <TextField form={form} name="name" label="Name" data-autofocus withAsterisk />
    </FormDialog>
  );
}

type RenameListDialogProps = { id: string; name: string; version: number; onClose: () => void };

export function RenameListDialog({ id, name, version, onClose }: RenameListDialogProps) {
  const actionForm = useActionForm({
    schema: renameContactListSchema,
    defaultValues: { id, version, name },
    action: renameContactListAction,
    onSuccess: () => {
      notifySuccess("Saved.");
      onClose();
    },
  });
  const { form } = actionForm;
  return (
    <FormDialog
      title={`Rename ${name}`}
      submitLabel="Save"
      actionForm={actionForm}
      onClose={onClose}
    >
      <TextField form={form} name="name" label="Name" data-autofocus withAsterisk />
    </FormDialog>
  );
}
