"use client";

import { Alert, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { z } from "zod";
import { FormDialog } from "@/components/form-dialog";
import { TextField } from "@/components/text-fields";
import { type SentMessage, sendTestMessageSchema } from "@/lib/messages/schema";
import { sendTestMessageAction } from "./actions";

type SendTestMessageDialogProps = { emailAccountId: string; from: string; onClose: () => void };

export function SendTestMessageDialog({
  emailAccountId,
  from,
  onClose,
}: SendTestMessageDialogProps) {
  const [sent, setSent] = useState<SentMessage | null>(null);
  return (
    <FormDialog
      title="Send test message"
      submitLabel={sent ? "Send again" : "Send"}
      cancelLabel={sent ? "Done" : "Cancel"}
      schema={sendTestMessageSchema}
      defaultValues={{ emailAccountId, to: "" }}
      action={sendTestMessageAction}
      done={setSent}
      keepsOpen
      onClose={onClose}
    >
      {sent && <Sent sent={sent} />}
      <Text size="sm">From {from}, with a line that says what it is for.</Text>
      <TextField<z.input<typeof sendTestMessageSchema>>
        name="to"
        label="To"
        type="email"
        data-autofocus
        withAsterisk
      />
    </FormDialog>
  );
}

function Sent({ sent: { response, queueId, messageId } }: { sent: SentMessage }) {
  return (
    <Alert color="teal" title="The mail server accepted it" role="status">
      <Stack gap={4}>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {response}
        </Text>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {queueId
            ? `Find it in the server's log as ${queueId}.`
            : `Find it in the server's log as ${messageId}.`}
        </Text>
      </Stack>
    </Alert>
  );
}
