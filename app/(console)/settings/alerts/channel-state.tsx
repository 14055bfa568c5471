import { Text } from "@mantine/core";
import { Badge } from "@/components/badge";
import { RelativeTime } from "@/components/relative-time";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import type { DeliveryRow } from "@/lib/watch/alerts/queries";
import type { AlertChannelRow } from "@/lib/watch/alerts/schema";

type ChannelStateProps = {
  channel: Pick<
    AlertChannelRow,
    "enabled" | "failingSince" | "lastDeliveredAt" | "pending" | "linksStoppedAt"
  >;
};

export function ChannelState({ channel }: ChannelStateProps) {
  const { pending, linksStoppedAt } = channel;
  return (
    <div>
      <Badge {...lookOf(channel)} />
      {linksStoppedAt && <span className={classes.second}>Links are not sent</span>}
      {pending > 0 && (
        <span className={classes.second}>
          {pending} {pending === 1 ? "alert pending" : "alerts pending"}
        </span>
      )}
    </div>
  );
}

const LOOKS = {
  off: { tint: "gray", icon: "player-pause", children: "Switched off" },
  failing: { tint: "red", icon: "alert-triangle", children: "Failing" },
  untested: { tint: "gray", icon: "circle-dashed", children: "Not tested" },
  working: { tint: "teal", icon: "circle-check", children: "Working" },
} as const;

function lookOf({ enabled, failingSince, lastDeliveredAt }: ChannelStateProps["channel"]) {
  if (!enabled) return LOOKS.off;
  if (failingSince) return LOOKS.failing;
  return lastDeliveredAt ? LOOKS.working : LOOKS.untested;
}

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

const DELIVERY_LOOKS = {
  delivered: { tint: "teal", icon: "circle-check", children: "Delivered" },
  given_up: { tint: "red", icon: "x", children: "Given up" },
  pending: { tint: "yellow", icon: "refresh", children: "Waiting" },
} as const;

export function DeliveryState({ state }: { state: DeliveryRow["state"] }) {
  return <Badge {...DELIVERY_LOOKS[state]} />;
}
