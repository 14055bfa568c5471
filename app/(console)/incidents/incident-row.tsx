import { RelativeTime } from "@/components/relative-time";
import { RepairButtons } from "@/components/repair";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/table";
import classes from "@/components/table.module.css";
import { durationText } from "@/lib/watch/incidents/duration-text";
import { type ExplainedIncident, incidentState, lastedMs } from "@/lib/watch/incidents/schema";
import { IncidentBadge } from "./incident-badge";
import { OpenedAgain } from "./opened-again";
import { ResolvesSoon } from "./resolves-soon";

export function IncidentTableRow({ row }: { row: ExplainedIncident }) {
  return (
    <tr>
      <td>
        <div>
          <RowLink href={routes.incident(row.id)} look="name">
            {row.title}
          </RowLink>
          <span className={classes.second}>{row.subject}</span>
        </div>
      </td>
      <td data-label="State" className={classes.fit}>
        <IncidentBadge incident={row} />
      </td>
      <td data-label="Accounts" className={classes.fit}>
        {row.resolvedAt ? row.peakAccounts : row.accounts}
      </td>
      <td data-label="Started" className={classes.fit}>
        <Started incident={row} />
      </td>
      <td data-label="Duration" className={classes.fit}>
        {lasted(row)}
      </td>
      <td data-label={incidentState(row) === "over" ? undefined : "Repair"}>
        <ResolvesSoon incident={row} />
        <RepairButtons buttons={row.buttons} size="compact-xs" limit={2} />
      </td>
    </tr>
  );
}

function Started({ incident }: { incident: ExplainedIncident }) {
  return (
    <div>
      <RelativeTime at={incident.openedAt} />
      {incident.firstOpenedAt && (
        <span className={classes.second}>
          <OpenedAgain firstOpenedAt={incident.firstOpenedAt} />
        </span>
      )}
    </div>
  );
}

function lasted(incident: ExplainedIncident): string {
  const ms = lastedMs(incident);
  return ms === null ? "Ongoing" : durationText(ms);
}
