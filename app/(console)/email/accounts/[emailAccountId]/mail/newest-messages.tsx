"use client";

import { Loader, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { Badge } from "@/components/badge";
import { FormProblem } from "@/components/form-problem";
import { RelativeTime } from "@/components/relative-time";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import { attempt } from "@/components/use-action";
import type { ActionResult } from "@/lib/http/schema";
import { type InboxMessage, NEWEST_SHOWN } from "@/lib/messages/schema";
import { readInboxAction } from "./actions";

export function NewestMessages({ emailAccountId }: { emailAccountId: string }) {
  const [result, setResult] = useState<ActionResult<InboxMessage[]> | null>(null);
  useEffect(() => {
    let isLeft = false;
    const isHere = () => !isLeft;
    void attempt(() => readInboxAction({ emailAccountId }), isHere).then((read) => {
      if (isHere()) setResult(read);
    });
    return () => {
      isLeft = true;
    };
  }, [emailAccountId]);
  if (!result) return <Loader size="sm" aria-label="Reading the inbox" />;
  if (!result.ok) return <FormProblem problem={result.error} />;
  if (result.data.length === 0)
    return (
      <Text size="sm" role="status">
        The inbox is empty.
      </Text>
    );
  return (
    <>
      <MessageTable messages={result.data} />
      {result.data.length === NEWEST_SHOWN && (
        <Text size="sm" c="dimmed">
          The newest {NEWEST_SHOWN} messages are shown.
        </Text>
      )}
    </>
  );
}

function MessageTable({ messages }: { messages: InboxMessage[] }) {
  return (
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
  );
}
