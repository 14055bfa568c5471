"use client";

import { TextInput } from "@mantine/core";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
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
      <TextInput
        label="Name"
        autoComplete="off"
        data-autofocus
        withAsterisk
        error={form.formState.errors.name?.message}
        {...form.register("name")}
      />
    </FormDialog>
  );
}
