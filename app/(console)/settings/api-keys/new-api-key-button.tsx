"use client";

import { Button } from "@mantine/core";
import dynamic from "next/dynamic";
import { useState } from "react";
import { AddButton } from "@/components/add-button";
import type { Choices } from "@/lib/kernel/choices/schema";

const NewApiKeyForm = dynamic(() =>
  import("./new-api-key-form").then((module) => module.NewApiKeyForm),
);

type NewApiKeyButtonProps = { accounts: Choices; look: "add" | "button" };

/** At the lower right of the list, or where there is none yet. */
export function NewApiKeyButton({ accounts, look }: NewApiKeyButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const open = () => setOpen(true);
  return (
    <>
      {look === "add" ? (
        <AddButton label="New API key" onClick={open} />
      ) : (
        <Button variant="default" onClick={open}>
          Create an API key
        </Button>
      )}
      {isOpen && <NewApiKeyForm accounts={accounts} onClose={() => setOpen(false)} />}
    </>
  );
}
