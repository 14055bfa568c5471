import { Text } from "@mantine/core";
import { Badge } from "@/components/badge";
import { RelativeTime } from "@/components/relative-time";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import type { DeliveryRow } from "@/lib/watch/alerts/schema";

export function DeliveryTable({ rows }: { rows: DeliveryRow[] }) {
  if (rows.length === 0) return <Text c="dimmed">Nothing sent yet.</Text>;
  return (
    <Table columns={["Alert", "State", "Raised", "Attempts", "Result"]}>
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

const LOOKS = {
  delivered: { tint: "teal", icon: "circle-check", children: "Delivered" },
  given_up: { tint: "red", icon: "x", children: "Given up" },
  pending: { tint: "yellow", icon: "refresh", children: "Waiting" },
} as const;

export function DeliveryState({ state }: { state: DeliveryRow["state"] }) {
  return <Badge {...LOOKS[state]} />;
}
