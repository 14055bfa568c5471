"use client";

import { Alert, Button } from "@mantine/core";
import { useState } from "react";
import { AddButton } from "@/components/add-button";
import { CopyField } from "@/components/copy-field";
import { Dialog } from "@/components/dialog";
import type { Choices } from "@/lib/kernel/choices/schema";
import { NewApiKeyForm } from "./new-api-key-form";

export function NewApiKeyButton({ accounts }: { accounts: Choices }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <AddButton label="New API key" onClick={() => setOpen(true)} />
      {isOpen && <NewApiKeyDialog accounts={accounts} onClose={() => setOpen(false)} />}
    </>
  );
}

type NewApiKeyDialogProps = { accounts: Choices; onClose: () => void };

function NewApiKeyDialog({ accounts, onClose }: NewApiKeyDialogProps) {
  const [key, setKey] = useState<string | null>(null);
  if (key === null)
    return <NewApiKeyForm accounts={accounts} onCreated={setKey} onClose={onClose} />;
  return (
    <Dialog
      title="New API key"
      staysOpen
      onClose={onClose}
      buttons={<Button onClick={onClose}>Done</Button>}
    >
      <Alert color="yellow">Copy the key now. It is not shown again.</Alert>
      <CopyField label="API key" value={key} />
    </Dialog>
  );
}
