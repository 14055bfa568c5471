import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import classes from "@/components/table.module.css";
import { type AlertChannelRow, CHANNEL_LABELS } from "@/lib/watch/alerts/schema";
import { AlertChannelMenu } from "./alert-channel-menu";
import { ChannelState } from "./channel-state";

export function AlertChannelTable({ rows }: { rows: AlertChannelRow[] }) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <th>Name</th>
            <th>Goes to</th>
            <th>State</th>
            <th>Last delivered</th>
            <th className={classes.menu} aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
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
        </tbody>
      </table>
    </div>
  );
}
