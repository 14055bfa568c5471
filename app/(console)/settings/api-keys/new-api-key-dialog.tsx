"use client";

import { Alert } from "@mantine/core";
import { CopyField } from "@/components/copy-field";
import { ShownOnceDialog } from "@/components/shown-once-dialog";

/** The only time that a key is shown. */
export function NewApiKeyDialog({ apiKey }: { apiKey: string }) {
  return (
    <ShownOnceDialog title="New API key">
      <Alert color="yellow">Copy the key now. It is not shown again.</Alert>
      <CopyField label="API key" value={apiKey} />
    </ShownOnceDialog>
  );
}
