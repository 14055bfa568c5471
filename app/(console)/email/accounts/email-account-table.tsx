import { Badge } from "@/components/badge";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import selection from "@/components/row-selection.module.css";
import { SortHeader } from "@/components/sort-header";
import { StateBadge } from "@/components/state-badge";
import classes from "@/components/table.module.css";
import { VerdictBadges } from "@/components/verdict-badges";
import { repairButtonsOf } from "@/lib/email-accounts/repair-object";
import {
  type EmailAccountRow,
  type EmailAccountSort,
  SERVICE_LABELS,
} from "@/lib/email-accounts/schema";
import { type ListParams, sortLink } from "@/lib/kernel/paging/schema";
import { isByItself } from "@/lib/registrations/registration/schema";
import { EmailAccountMenu } from "./email-account-menu";
import { SELECTED } from "./selected";

type EmailAccountTableProps = {
  rows: EmailAccountRow[];
  params: ListParams<EmailAccountSort>;
  path: string;
  isSelectable?: boolean;
};

export function EmailAccountTable(props: EmailAccountTableProps) {
  const { rows, params, path, isSelectable = false } = props;
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <SortHeader label="Name" {...sortLink(path, params, "name")} />
            <SortHeader label="Key" {...sortLink(path, params, "key")} />
            <SortHeader label="Address" {...sortLink(path, params, "address")} />
            <SortHeader label="State" {...sortLink(path, params, "state")} />
            <SortHeader label="Provider" {...sortLink(path, params, "provider")} />
            <SortHeader label="Last test" {...sortLink(path, params, "lastTest")} />
            <th className={classes.menu} aria-label="Actions" />
          </tr>
        </thead>
        <TableBody rows={rows} isSelectable={isSelectable} />
      </table>
    </div>
  );
}

type TableBodyProps = { rows: EmailAccountRow[]; isSelectable: boolean };

function TableBody({ rows, isSelectable }: TableBodyProps) {
  return (
    <tbody>
      {rows.map((row) => (
        <tr key={row.id}>
          <td>
            <div className={selection.named}>
              {isSelectable && <SelectBox row={row} />}
              <div>
                <RowLink href={routes.emailAccount(row.id)} look="name">
                  {row.name}
                </RowLink>
                <span className={classes.second}>{SERVICE_LABELS[row.service]}</span>
              </div>
            </div>
          </td>
          <td data-label="Key" className={classes.fit}>
            <Badge tint="indigo">{row.key}</Badge>
          </td>
          <td data-label="Address" className={classes.wide}>
            {row.emailAddress}
          </td>
          <td data-label="State" className={classes.fit}>
            <StateBadge state={row.state} />
          </td>
          <td data-label="Provider">
            <Provider row={row} />
          </td>
          <td data-label="Last test" className={classes.fit}>
            <LastTest row={row} />
          </td>
          <td className={classes.menu}>
            <EmailAccountMenu
              id={row.id}
              name={row.name}
              emailAddress={row.emailAddress}
              isActive={row.active}
              canSignIn={row.providerGrant !== null && !isByItself(row.providerGrant)}
              repairs={repairButtonsOf(row)}
            />
          </td>
        </tr>
      ))}
    </tbody>
  );
}

function SelectBox({ row: { id, name } }: { row: EmailAccountRow }) {
  return (
    <input
      type="checkbox"
      name={SELECTED}
      value={id}
      className={selection.box}
      aria-label={`Select ${name}`}
      data-label={name}
    />
  );
}

function Provider({ row }: { row: EmailAccountRow }) {
  if (!row.cloudProviderId || !row.cloudProviderName)
    return (
      <span className={`${classes.dimmed} ${classes.fit}`}>
        {row.modernAuthentication ? "None" : "Password"}
      </span>
    );
  return (
    <RowLink href={routes.cloudProvider(row.cloudProviderId)}>{row.cloudProviderName}</RowLink>
  );
}

function LastTest({ row }: { row: EmailAccountRow }) {
  const schedule = SCHEDULES[row.testSchedule];
  if (!row.lastTestedAt) return <span className={classes.dimmed}>Never{schedule}</span>;
  return (
    <div>
      <VerdictBadges imap={row.imapVerdict} smtp={row.smtpVerdict} pop3={row.pop3Verdict} />
      <span className={classes.second}>
        <RelativeTime at={row.lastTestedAt} />
        {schedule}
      </span>
    </div>
  );
}

const SCHEDULES = { off: "", hourly: " · hourly", daily: " · daily" } as const;
