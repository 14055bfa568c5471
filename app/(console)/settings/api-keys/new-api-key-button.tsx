"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { AddButton } from "@/components/add-button";
import type { Choices } from "@/lib/kernel/choices/schema";

const NewApiKeyDialog = dynamic(() =>
  import("./new-api-key-dialog").then((module) => module.NewApiKeyDialog),
);

export function NewApiKeyButton({ accounts }: { accounts: Choices }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <AddButton label="New API key" onClick={() => setOpen(true)} />
      {isOpen && <NewApiKeyDialog accounts={accounts} onClose={() => setOpen(false)} />}
    </>
  );
}
