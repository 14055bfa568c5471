"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { AddButton } from "@/components/add-button";
import type { Choices } from "@/lib/kernel/choices/schema";

const NewApiKeyForm = dynamic(() =>
  import("./new-api-key-form").then((module) => module.NewApiKeyForm),
);

export function NewApiKeyButton({ accounts }: { accounts: Choices }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <AddButton label="New API key" onClick={() => setOpen(true)} />
      {isOpen && <NewApiKeyForm accounts={accounts} onClose={() => setOpen(false)} />}
    </>
  );
}
