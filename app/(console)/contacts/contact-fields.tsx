"use client";

import { TextInput } from "@mantine/core";
import { useFormContext } from "react-hook-form";
import type { z } from "zod";
import type { createContactSchema } from "@/lib/contacts/schema";
import type { Choice } from "@/lib/kernel/choices/schema";
import { ListField } from "./list-field";

type ContactValues = z.input<typeof createContactSchema>;

/** The fields of a contact, new or not, and its list. */
export function ContactFields({ list }: { list: Choice }) {
  const { register, formState } = useFormContext<ContactValues>();
  const { errors } = formState;
  return (
    <>
      <TextInput
        label="Email address"
        type="email"
        autoComplete="off"
        data-autofocus
        withAsterisk
        error={errors.email?.message}
        {...register("email")}
      />
      <TextInput
        label="Name"
        autoComplete="off"
        error={errors.name?.message}
        {...register("name")}
      />
      <ListField<ContactValues> name="contactListId" chosen={list} />
    </>
  );
}
