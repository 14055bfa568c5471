"use client";

import dynamic from "next/dynamic";
import { AddButton } from "@/components/add-button";
import type { Choice } from "@/lib/kernel/choices/schema";

const ContactDialog = dynamic(() =>
  import("./contact-dialog").then((module) => module.ContactDialog),
);

export function NewContactButton({ list }: { list: Choice }) {
  return (
    <AddButton
      label="New contact"
      dialog={(close) => <ContactDialog list={list} onClose={close} />}
    />
  );
}
