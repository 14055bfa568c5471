"use client";

import { Alert, Button, Group, Modal, Stack } from "@mantine/core";
import { useState } from "react";
import { CopyField } from "@/components/copy-field";
import type { AccountChoice } from "@/lib/email-accounts/schema";
import { NewApiKeyForm } from "./new-api-key-form";

export function NewApiKeyButton({ accounts }: { accounts: AccountChoice[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)} mt="xs">
        New API key
      </Button>
      {isOpen && <NewApiKeyDialog accounts={accounts} onClose={() => setOpen(false)} />}
    </>
  );
}

type NewApiKeyDialogProps = { accounts: AccountChoice[]; onClose: () => void };

function NewApiKeyDialog({ accounts, onClose }: NewApiKeyDialogProps) {
  const [key, setKey] = useState<string | null>(null);
  return (
    <Modal opened onClose={onClose} title="New API key" closeOnClickOutside={key === null}>
      {key === null ? (
        <NewApiKeyForm accounts={accounts} onCreated={setKey} onCancel={onClose} />
      ) : (
        <Stack>
          <Alert color="yellow">Copy the key now. It is not shown again.</Alert>
          <CopyField label="API key" value={key} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
