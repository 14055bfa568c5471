"use client";

import { Alert, Button, Group, Stack } from "@mantine/core";
import { CopyField } from "@/components/copy-field";

/** The secret of a webhook, the one time that it is shown. */
export function SigningSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <Stack>
      <Alert color="yellow">Copy the signing secret now. It is not shown again.</Alert>
      <CopyField
        label="Signing secret"
        description="The receiver uses it to verify webhook-signature, as Standard Webhooks describes."
        value={secret}
      />
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
