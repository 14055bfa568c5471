"use client";
import type { z } from "zod";
import { TextField } from "@/components/text-fields";
import type { createContactSchema } from "@/lib/contacts/schema";
import type { Choice } from "@/lib/kernel/choices/schema";
import { ListField } from "./list-field";

type ContactValues = z.input<typeof createContactSchema>;

/** The fields of a contact, new or not, and its list. */
export function ContactFields({ list }: { list: Choice }) {
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
