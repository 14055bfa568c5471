import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { SortHeader } from "@/components/sort-header";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import { type ListParams, sortLink } from "@/lib/kernel/paging/schema";
import {
  type AlertChannelRow,
  type AlertChannelSort,
  CHANNEL_LABELS,
} from "@/lib/watch/alerts/schema";
import { AlertChannelMenu } from "./alert-channel-menu";
import { ChannelState } from "./channel-state";

type AlertChannelTableProps = {
  rows: AlertChannelRow[];
  params: ListParams<AlertChannelSort>;
  path: string;
};

export function AlertChannelTable({ rows, params, path }: AlertChannelTableProps) {
  return (
    <Table
      head={
        <>
          <SortHeader label="Name" {...sortLink(path, params, "name")} />
          <SortHeader label="Goes to" {...sortLink(path, params, "target")} />
          <SortHeader label="State" {...sortLink(path, params, "state")} />
          <SortHeader label="Last delivered" {...sortLink(path, params, "lastDelivered")} />
          <th className={classes.menu} aria-label="Actions" />
        </>
      }
    >
      {rows.map((row) => (
        <tr key={row.id}>
          <td>
            <div>
              <RowLink href={routes.alertChannel(row.id)} look="name">
                {row.name}
              </RowLink>
              <span className={classes.second}>{CHANNEL_LABELS[row.kind]}</span>
            </div>
          </td>
          <td data-label="Goes to" className={classes.wide}>
            {row.targetText}
          </td>
          <td data-label="State">
            <ChannelState channel={row} />
          </td>
          <td data-label="Last delivered" className={classes.fit}>
            {row.lastDeliveredAt ? (
              <RelativeTime at={row.lastDeliveredAt} />
            ) : (
              <span className={classes.dimmed}>Never</span>
            )}
          </td>
          <td className={classes.menu}>
            <AlertChannelMenu id={row.id} name={row.name} kind={row.kind} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
