"use client";

import type { z } from "zod";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { TextField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import { type ContactRow, createContactSchema, updateContactSchema } from "@/lib/contacts/schema";
import type { Choice } from "@/lib/kernel/choices/schema";
import { createContactAction, updateContactAction } from "./actions";
import { ListField } from "./list-field";

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

type ContactValues = z.input<typeof createContactSchema>;

function ContactFields({ list }: { list: Choice }) {
  return (
    <>
      <TextField<ContactValues>
        name="email"
        label="Email address"
        type="email"
        data-autofocus
        withAsterisk
      />
      <TextField<ContactValues> name="name" label="Name" />
      <ListField<ContactValues> name="contactListId" chosen={list} />
    </>
  );
}
