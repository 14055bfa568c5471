"use client";

import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconInbox, IconRefresh, IconSend } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { ActButton, type PressedAct } from "@/components/acts";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";

const load = () => import("./mail-acts");
const NewestMessages = dynamic(() => load().then((acts) => acts.NewestMessages));
const RoundTrip = dynamic(() => load().then((acts) => acts.RoundTrip));
const SendTestMessageDialog = dynamic(() => load().then((acts) => acts.SendTestMessageDialog));

type MailPanelProps = {
  id: string;
  emailAddress: string;
  hosts: EmailAccountDetail["hosts"];
  by: "token" | "password";
};
type Shown = "messages" | "round_trip" | null;

export function MailPanel({ id, emailAddress, hosts, by }: MailPanelProps) {
  const [shown, setShown] = useState<Shown>(null);
  const [turn, setTurn] = useState(0);
  const show = (what: Shown) => {
    setShown(what);
    setTurn(turn + 1);
  };
  const [reads, sends] = [hosts?.imap !== null, hosts?.smtp !== null];
  const acts: (PressedAct | false)[] = [
    reads && { label: "Newest messages", icon: IconInbox, press: () => show("messages") },
    reads && sends && { label: "Round trip", icon: IconRefresh, press: () => show("round_trip") },
    sends && {
      label: "Send test message",
      icon: IconSend,
      dialog: <SendTestMessageDialog emailAccountId={id} from={emailAddress} />,
    },
  ];
  if (!reads && !sends) return null;
  return (
    <Paper withBorder p="md" radius="md">
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h5">
            Mail
          </Title>
          <Group gap="xs">{acts.map((act) => act && <ActButton key={act.label} {...act} />)}</Group>
        </Group>
        {shown === null && (
          <Text c="dimmed">
            Sends and reads with the same {by} as your mail software. Listing the newest messages
            changes nothing in the mailbox and marks nothing as read.
          </Text>
        )}
        {shown === "messages" && <NewestMessages key={turn} emailAccountId={id} />}
        {shown === "round_trip" && (
          <RoundTrip key={turn} emailAccountId={id} emailAddress={emailAddress} />
        )}
      </Stack>
    </Paper>
  );
}
