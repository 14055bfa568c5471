"use client";

import { Group, Loader, Stack, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { formatDuration } from "@/components/duration";
import { followLines } from "@/components/follow-lines";
import { FormProblem } from "@/components/form-problem";
import type { RoundTripEvent } from "@/lib/messages/schema";

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
          <Text size="sm">{sent ? "Waiting for it to arrive…" : "Sending…"}</Text>
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

function Step({ children }: { children: React.ReactNode }) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <IconCheck size={18} color="var(--mantine-color-teal-6)" style={{ flexShrink: 0 }} />
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </Group>
  );
}
