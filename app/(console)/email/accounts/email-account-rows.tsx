"use client";

import { Badge, StateBadge, VerdictBadges } from "@/components/badge";
import { ExpiryText } from "@/components/expiry-text";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { SelectCell } from "@/components/select-cell";
import { RowLink } from "@/components/table";
import classes from "@/components/table.module.css";
import { EmailAccountMenu } from "./email-account-menu";
import { SELECTED } from "./selected";
import type { ShownAccount } from "./shown-account";

type EmailAccountRowsProps = { rows: readonly ShownAccount[]; isSelectable: boolean };

export function EmailAccountRows({ rows, isSelectable }: EmailAccountRowsProps) {
  return rows.map((row) => (
    <tr key={row.id}>
      <td>
        <SelectCell
          box={{ name: SELECTED, value: row.id, label: row.name }}
          isSelectable={isSelectable}
        >
          <RowLink href={routes.emailAccount(row.id)} look="name">
            {row.name}
          </RowLink>
          <span className={classes.second}>
            {row.serviceLabel} · {row.key}
          </span>
        </SelectCell>
      </td>
      <td data-label="Address" className={classes.wide}>
        <div>
          {row.emailAddress}
          {row.signsInAs !== null && (
            <span className={classes.second}>signs in as {row.signsInAs}</span>
          )}
        </div>
      </td>
      <td data-label="State">
        <div>
          <StateBadge state={row.state} />
          {row.reason && <span className={classes.second}>{row.reason}</span>}
        </div>
      </td>
      <td data-label="Provider">
        <Provider row={row} />
      </td>
      <td data-label="Last test" className={classes.fit}>
        <LastTest row={row} />
      </td>
      <td className={classes.menu}>
        <EmailAccountMenu {...row} />
      </td>
    </tr>
  ));
}

function Provider({ row }: { row: ShownAccount }) {
  const { expiry } = row;
  if (!row.cloudProviderId || !row.cloudProviderName)
    return (
      <span className={`${classes.dimmed} ${classes.fit}`}>
        {row.modernAuthentication ? "None" : "Password"}
      </span>
    );
  return (
    <div>
      <RowLink href={routes.cloudProvider(row.cloudProviderId)}>{row.cloudProviderName}</RowLink>
      {expiry && (
        <span className={classes.second}>
          {expiry.what}
          <br />
          <ExpiryText at={expiry.at} isInline />
        </span>
      )}
    </div>
  );
}

function LastTest({ row }: { row: ShownAccount }) {
  const schedule = ({ off: "", hourly: " · hourly", daily: " · daily" } as const)[row.testSchedule];
  if (!row.lastTestedAt) return <span className={classes.dimmed}>Never{schedule}</span>;
  return (
    <div>
      {row.isUnsignedTest ? (
        <Badge size="sm" tint="gray" icon="x">
          Failed: not signed in
        </Badge>
      ) : (
        <VerdictBadges
          imap={row.imapVerdict}
          smtp={row.smtpVerdict}
          pop3={row.pop3Verdict}
          sendsBy={row.sendsBy}
          readsBy={row.readsBy}
        />
      )}
      <span className={classes.second}>
        <RelativeTime at={row.lastTestedAt} />
        {schedule}
      </span>
    </div>
  );
}
