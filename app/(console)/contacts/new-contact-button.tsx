"use client";

import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import footer from "@/components/list-footer.module.css";
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
      <button
        type="button"
        className={footer.add}
        aria-label="New contact"
        title="New contact"
        onClick={() => setOpen(true)}
      >
        <IconPlus size={26} stroke={2} />
      </button>
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
