"use client";

import { Alert, Button } from "@mantine/core";
import { useState } from "react";
import { CopyField } from "@/components/copy-field";
import { Dialog } from "@/components/dialog";
import type { Choices } from "@/lib/kernel/choices/schema";
import { NewApiKeyForm } from "./new-api-key-form";

type NewApiKeyDialogProps = { accounts: Choices; onClose: () => void };

export function NewApiKeyDialog({ accounts, onClose }: NewApiKeyDialogProps) {
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
