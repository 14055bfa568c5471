"use client";

import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconInbox, IconRefresh, IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { NewestMessages } from "./newest-messages";
import { RoundTrip } from "./round-trip";
import { SendTestMessageDialog } from "./send-test-message-dialog";

type MailPanelProps = {
  id: string;
  emailAddress: string;
  /** What the account signs in with. */
  by: "token" | "password";
};
type Shown = "messages" | "round_trip" | null;

/** What a person looks at when all tests are green and mail is still missing. */
export function MailPanel({ id, emailAddress, by }: MailPanelProps) {
  const [isSending, setSending] = useState(false);
  const [shown, setShown] = useState<Shown>(null);
  const [turn, setTurn] = useState(0);
  const show = (what: Shown) => {
    setShown(what);
    setTurn(turn + 1);
  };
  return (
    <Paper withBorder p="md" radius="md">
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h5">
            Mail
          </Title>
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<IconInbox size={16} />}
              onClick={() => show("messages")}
            >
              Newest messages
            </Button>
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} />}
              onClick={() => show("round_trip")}
            >
              Round trip
            </Button>
            <Button
              variant="default"
              leftSection={<IconSend size={16} />}
              onClick={() => setSending(true)}
            >
              Send test message
            </Button>
          </Group>
        </Group>
        {shown === null && (
          <Text size="sm" c="dimmed">
            Sends and reads with the same {by} as your mail software. Listing the newest messages
            changes nothing in the mailbox and marks nothing as read.
          </Text>
        )}
        {shown === "messages" && <NewestMessages key={turn} emailAccountId={id} />}
        {shown === "round_trip" && (
          <RoundTrip key={turn} emailAccountId={id} emailAddress={emailAddress} />
        )}
        {isSending && (
          <SendTestMessageDialog
            emailAccountId={id}
            from={emailAddress}
            onClose={() => setSending(false)}
          />
        )}
      </Stack>
    </Paper>
  );
}
