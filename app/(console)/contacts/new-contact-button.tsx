"use client";

import dynamic from "next/dynamic";
import { AddButton } from "@/components/add-button";
import type { Choice } from "@/lib/kernel/choices/schema";

const NewContactDialog = dynamic(() =>
  import("./contact-dialogs").then((module) => module.NewContactDialog),
);

export function NewContactButton({ list }: { list: Choice }) {
  return (
    <AddButton
      label="New contact"
      dialog={(close) => <NewContactDialog list={list} onClose={close} />}
    />
  );
}
