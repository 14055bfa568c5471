import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Badge } from "@/components/badge";
import { RelativeTime } from "@/components/relative-time";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import { SESSION_METHOD_LABELS, type SessionRow } from "@/lib/people/administrators/schema";

type SessionTableProps = {
  sessions: readonly SessionRow[];
  actions?: (session: SessionRow) => ReactNode;
};

export function SessionTable({ sessions, actions }: SessionTableProps) {
  const isUnknown = sessions.some(({ address }) => address === null);
  return (
    <>
      <Table
        columns={["Browser", "Address", "Method", "Signed in", "Last seen"]}
        hasActions={actions !== undefined}
      >
        {sessions.map((session) => (
          <tr key={session.id}>
            <td>
              <span className={classes.name}>{session.browser || "Unknown browser"}</span>{" "}
              {session.isThis && <Badge tint="teal">This session</Badge>}
            </td>
            <td data-label="Address">{session.address ?? "Unknown"}</td>
            <td data-label="Method">{session.company ?? SESSION_METHOD_LABELS[session.method]}</td>
            <td data-label="Signed in">
              <RelativeTime at={session.createdAt} />
            </td>
            <td data-label="Last seen">
              <RelativeTime at={session.lastSeenAt} />
            </td>
            {actions && <td>{actions(session)}</td>}
          </tr>
        ))}
      </Table>
      {isUnknown && (
        <Text c="dimmed" mt="xs">
          Postkey records addresses only if POSTKEY_TRUST_PROXY names the proxy in front of it.
          After you set it, addresses appear with the next sign-in.
        </Text>
      )}
    </>
  );
}
