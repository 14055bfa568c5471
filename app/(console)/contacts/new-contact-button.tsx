"use client";

import { useState } from "react";
import { AddButton } from "@/components/add-button";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { createContactSchema } from "@/lib/contacts/schema";
import type { Choice } from "@/lib/kernel/choices/schema";
import { createContactAction } from "./actions";
import { ContactFields } from "./contact-fields";

export function NewContactButton({ list }: { list: Choice }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <AddButton label="New contact" onClick={() => setOpen(true)} />
      {isOpen && <NewContactDialog list={list} onClose={() => setOpen(false)} />}
    </>
  );
}

type NewContactDialogProps = { list: Choice; onClose: () => void };

function NewContactDialog({ list, onClose }: NewContactDialogProps) {
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
