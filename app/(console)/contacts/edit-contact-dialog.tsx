"use client";

import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { type ContactRow, updateContactSchema } from "@/lib/contacts/schema";
import { updateContactAction } from "./actions";
import { ContactFields } from "./contact-fields";

type EditContactDialogProps = { contact: ContactRow; onClose: () => void };

export function EditContactDialog({ contact, onClose }: EditContactDialogProps) {
  const { id, version, name, email, contactListId } = contact;
  const actionForm = useActionForm({
    schema: updateContactSchema,
    defaultValues: { id, version, name, email, contactListId },
    action: updateContactAction,
    onSuccess: () => {
      notifySuccess("Saved.");
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Edit ${email}`}
      submitLabel="Save"
      actionForm={actionForm}
      onClose={onClose}
    >
      <ContactFields list={{ id: contactListId, name: contact.listName }} />
    </FormDialog>
  );
}
