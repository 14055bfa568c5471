import { Alert, Group, Loader, Stack, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import type { z } from "zod";
import { Badge } from "@/components/badge";
import { formatDuration } from "@/components/duration";
import { TextField } from "@/components/fields";
import { followLines } from "@/components/follow-lines";
import { FormDialog } from "@/components/form-dialog";
import { FormProblem } from "@/components/form-problem";
import { RelativeTime } from "@/components/relative-time";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import { useAnswer } from "@/components/use-action";
import {
  NEWEST_SHOWN,
  type RoundTripEvent,
  type SentMessage,
  sendTestMessageSchema,
} from "@/lib/messages/schema";
import { readInboxAction, sendTestMessageAction } from "../../actions";

export function NewestMessages({ emailAccountId }: { emailAccountId: string }) {
  const { data: messages, problem } = useAnswer(() => readInboxAction({ emailAccountId }));
  if (problem) return <FormProblem problem={problem} />;
  if (!messages) return <Loader size="sm" aria-label="Reading the inbox" />;
  if (messages.length === 0) return <Text role="status">The inbox is empty.</Text>;
  return (
    <>
      <Table label="Newest messages" columns={["Subject", "From", "To", "Received"]}>
        {messages.map(({ uid, subject, from, to, receivedAt, isSeen }) => (
          <tr key={uid}>
            <td>
              <span className={classes.name}>{subject || "(no subject)"}</span>{" "}
              {!isSeen && <Badge tint="indigo">Unread</Badge>}
            </td>
            <td data-label="From">{from || "(no sender)"}</td>
            <td data-label="To">{to}</td>
            <td data-label="Received" className={classes.fit}>
              <RelativeTime at={receivedAt} />
            </td>
          </tr>
        ))}
      </Table>
      {messages.length === NEWEST_SHOWN && (
        <Text c="dimmed">The newest {NEWEST_SHOWN} messages are shown.</Text>
      )}
    </>
  );
}

type RoundTripProps = { emailAccountId: string; emailAddress: string };

export function RoundTrip({ emailAccountId, emailAddress }: RoundTripProps) {
  const [events, setEvents] = useState<RoundTripEvent[]>([]);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const left = new AbortController();
    const add = (event: RoundTripEvent) => {
      if (!left.signal.aborted) setEvents((before) => [...before, event]);
    };
    setEvents([]);
    void followLines<RoundTripEvent>(
      `/api/emailAccounts/${emailAccountId}/roundTrip`,
      left.signal,
      add,
    )
      .catch(() =>
        add({ type: "error", code: "", message: "Postkey is not responding. Try again." }),
      )
      .finally(() => {
        if (!left.signal.aborted) setOver(true);
      });
    return () => left.abort();
  }, [emailAccountId]);
  const sent = events.find((event) => event.type === "sent");
  return (
    <Stack gap="xs" role="status">
      {sent && (
        <Step>
          {emailAddress} sent itself a message in {formatDuration(sent.afterMs)}. Server response:{" "}
          {sent.sent.response}
        </Step>
      )}
      {events.map((event) => (
        <Outcome key={event.type} event={event} />
      ))}
      {!isOver && (
        <Group gap="xs">
          <Loader size="xs" />
          <Text>{sent ? "Waiting for it to arrive…" : "Sending…"}</Text>
        </Group>
      )}
    </Stack>
  );
}

function Outcome({ event }: { event: RoundTripEvent }) {
  switch (event.type) {
    case "sent":
      return null;
    case "arrived":
      return <Step>It arrived in the inbox after {formatDuration(event.afterMs)}.</Step>;
    case "missing":
      return (
        <FormProblem
          problem={{
            code: "missing",
            message:
              "The server accepted the message, but it did not reach the inbox within a minute. A rule may have moved it, or the server is holding it. Search the server's log for the message.",
          }}
        />
      );
    case "error":
      return <FormProblem problem={event} />;
    default:
      throw new Error(`Unhandled event ${event satisfies never}`);
  }
}

function Step({ children }: { children: ReactNode }) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <IconCheck size={18} color="var(--mantine-color-teal-6)" style={{ flexShrink: 0 }} />
      <Text style={{ overflowWrap: "anywhere" }}>{children}</Text>
    </Group>
  );
}

export function SendTestMessageDialog({
  emailAccountId,
  from,
}: {
  emailAccountId: string;
  from: string;
}) {
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
    >
      {sent && <Sent sent={sent} />}
      <Text>From {from}, with a line that says what it is for.</Text>
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
        <Text style={{ overflowWrap: "anywhere" }}>{response}</Text>
        <Text style={{ overflowWrap: "anywhere" }}>
          {queueId
            ? `Find it in the server's log as ${queueId}.`
            : `Find it in the server's log as ${messageId}.`}
        </Text>
      </Stack>
    </Alert>
  );
}
