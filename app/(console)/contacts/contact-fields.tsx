"use client";

import { TextInput } from "@mantine/core";
import type { UseFormReturn } from "react-hook-form";
import { ListField } from "./contact-lists";

/** What is typed of a contact. */
export type ContactValues = { email: string; name: string; contactListId: string };

export function ContactFields({ form }: { form: UseFormReturn<ContactValues> }) {
  const { errors } = form.formState;
  return (
    <>
      <TextInput
        label="Email address"
        type="email"
        autoComplete="off"
        data-autofocus
        withAsterisk
        error={errors.email?.message}
        {...form.register("email")}
      />
      <TextInput
        label="Name"
        autoComplete="off"
        error={errors.name?.message}
        {...form.register("name")}
      />
      <ListField error={errors.contactListId?.message} {...form.register("contactListId")} />
    </>
  );
}
