import { Text } from "@mantine/core";
import { Badge } from "@/components/badge";
import { RelativeTime } from "@/components/relative-time";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import type { DeliveryRow } from "@/lib/watch/alerts/schema";

export function DeliveryTable({ rows }: { rows: DeliveryRow[] }) {
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing sent yet.
      </Text>
    );
  return (
    <Table
      head={
        <>
          <th>Alert</th>
          <th>State</th>
          <th>Raised</th>
          <th>Attempts</th>
          <th>Result</th>
        </>
      }
    >
      {rows.map((row) => (
        <tr key={row.id}>
          <td>
            <span className={classes.name}>{row.subject}</span>
          </td>
          <td data-label="State" className={classes.fit}>
            <DeliveryState state={row.state} />
          </td>
          <td data-label="Raised" className={classes.fit}>
            <RelativeTime at={row.createdAt} />
          </td>
          <td data-label="Attempts" className={classes.fit}>
            {row.attempts}
          </td>
          <td data-label="Result" className={classes.wide}>
            {row.result ?? <span className={classes.dimmed}>Not sent yet</span>}
          </td>
        </tr>
      ))}
    </Table>
  );
}

export function DeliveryState({ state }: { state: DeliveryRow["state"] }) {
  if (state === "delivered")
    return (
      <Badge tint="teal" icon="circle-check">
        Delivered
      </Badge>
    );
  if (state === "given_up")
    return (
      <Badge tint="red" icon="x">
        Given up
      </Badge>
    );
  return (
    <Badge tint="yellow" icon="refresh">
      Waiting
    </Badge>
  );
}
