import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import classes from "@/components/table.module.css";
import { durationText, type ExplainedIncident } from "@/lib/watch/incidents/schema";
import { IncidentBadge } from "./incident-badge";

/** A resolved incident shows its peak number of accounts, and its duration. */
export function IncidentTable({ rows }: { rows: ExplainedIncident[] }) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <th>What</th>
            <th>State</th>
            <th>Accounts</th>
            <th>Started</th>
            <th>Duration</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <div>
                  <RowLink href={routes.incident(row.id)} look="name">
                    {row.subject}
                  </RowLink>
                  <span className={classes.second}>{row.title}</span>
                </div>
              </td>
              <td data-label="State" className={classes.fit}>
                <IncidentBadge incident={row} />
              </td>
              <td data-label="Accounts" className={classes.fit}>
                {row.resolvedAt ? row.peakAccounts : row.accounts}
              </td>
              <td data-label="Started" className={classes.fit}>
                <RelativeTime at={row.openedAt} />
              </td>
              <td data-label="Duration" className={classes.fit}>
                {lasted(row)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function lasted({ openedAt, quietSince, resolvedAt }: ExplainedIncident): string {
  const end = quietSince ?? resolvedAt;
  return end ? durationText(end.getTime() - openedAt.getTime()) : "Ongoing";
}
