"use client";

import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { createContactSchema } from "@/lib/contacts/schema";
import type { Choice } from "@/lib/kernel/choices/schema";
import { createContactAction } from "./actions";
import { ContactFields } from "./contact-fields";

type NewContactDialogProps = { list: Choice; onClose: () => void };

export function NewContactDialog({ list, onClose }: NewContactDialogProps) {
  const actionForm = useActionForm({
    schema: createContactSchema,
    defaultValues: { contactListId: list.id, name: "", email: "" },
    action: createContactAction,
    onSuccess: () => {
      notifySuccess("The contact was added.");
      onClose();
    },
  });
  return (
    <FormDialog
      title="New contact"
      submitLabel="Add contact"
      actionForm={actionForm}
      onClose={onClose}
    >
      <ContactFields list={list} />
    </FormDialog>
  );
}
