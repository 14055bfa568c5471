"use client";

import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { TextField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import { renameContactListSchema } from "@/lib/contacts/lists/schema";
import { renameContactListAction } from "./actions";

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
