"use client";

import { Button } from "@mantine/core";
import dynamic from "next/dynamic";
import { useState } from "react";
import { AddButton } from "@/components/add-button";
import type { Choice } from "@/lib/kernel/choices/schema";

const NewContactDialog = dynamic(() =>
  import("./new-contact-dialog").then((module) => module.NewContactDialog),
);

type NewContactButtonProps = { list: Choice; look: "add" | "button" };

/** At the lower right of the list, or where there is none yet. */
export function NewContactButton({ list, look }: NewContactButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const open = () => setOpen(true);
  return (
    <>
      {look === "add" ? (
        <AddButton label="New contact" onClick={open} />
      ) : (
        <Button variant="default" onClick={open}>
          Add a contact
        </Button>
      )}
      {isOpen && <NewContactDialog list={list} onClose={() => setOpen(false)} />}
    </>
  );
}
