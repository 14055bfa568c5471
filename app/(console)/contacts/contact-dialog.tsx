"use client";

import { useState } from "react";
import type { z } from "zod";
import { FormDialog } from "@/components/form-dialog";
import { TextField } from "@/components/text-fields";
import { type ContactRow, createContactSchema, updateContactSchema } from "@/lib/contacts/schema";
import type { Choice } from "@/lib/kernel/choices/schema";
import { createContactAction, updateContactAction } from "./actions";
import { ListField } from "./list-field";

type ContactValues = z.input<typeof createContactSchema>;

/** `contact` is left out for a new one. */
type ContactDialogProps = { list: Choice; contact?: ContactRow; onClose: () => void };

export function ContactDialog({ list, contact, onClose }: ContactDialogProps) {
  const [edited] = useState(contact && keyOf(contact));
  const { name = "", email = "" } = contact ?? {};
  return (
    <FormDialog<ContactValues, unknown>
      title={edited ? `Edit ${email}` : "New contact"}
      submitLabel={edited ? "Save" : "Add contact"}
      schema={edited ? updateContactSchema : createContactSchema}
      defaultValues={{ ...edited, contactListId: list.id, name, email }}
      action={(values) =>
        edited ? updateContactAction({ ...values, ...edited }) : createContactAction(values)
      }
      done={edited ? "Saved." : "The contact was added."}
      onClose={onClose}
    >
      <TextField<ContactValues>
        name="email"
        label="Email address"
        type="email"
        data-autofocus
        withAsterisk
      />
      <TextField<ContactValues> name="name" label="Name" />
      <ListField<ContactValues> name="contactListId" chosen={list} />
    </FormDialog>
  );
}

const keyOf = ({ id, version }: ContactRow) => ({ id, version });
