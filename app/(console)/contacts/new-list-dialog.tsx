"use client";

import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { TextField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import { createContactListSchema } from "@/lib/contacts/lists/schema";
import { createContactListAction } from "./actions";

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
