"use client";

import { TextInput } from "@mantine/core";
import { useFormContext } from "react-hook-form";
import type { z } from "zod";
import type { createContactSchema } from "@/lib/contacts/schema";
import { ListField } from "./contact-lists";

/** What is typed of a contact, new or not. */
export function ContactFields() {
  const { register, formState } = useFormContext<z.input<typeof createContactSchema>>();
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
      <ListField error={errors.contactListId?.message} {...register("contactListId")} />
    </>
  );
}
