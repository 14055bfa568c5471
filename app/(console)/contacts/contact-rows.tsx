"use client";

import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { SelectCell } from "@/components/select-cell";
import classes from "@/components/table.module.css";
import type { ContactRow } from "@/lib/contacts/schema";
import { ContactMenu } from "./contact-menu";
import { SELECTED } from "./selected";

/** Made in the browser: server-rendered, each row would be sent twice. */
export function ContactRows({ rows, showsList }: { rows: ContactRow[]; showsList: boolean }) {
  return rows.map((row) => <Row key={row.id} row={row} showsList={showsList} />);
}

function Row({ row, showsList }: { row: ContactRow; showsList: boolean }) {
  return (
    <tr>
      <td className={classes.wide}>
        <SelectCell box={{ name: SELECTED, value: row.id, label: row.email }}>
          {row.email}
        </SelectCell>
      </td>
      <td data-label="Name">{row.name || <span className={classes.dimmed}>–</span>}</td>
      {showsList && (
        <td data-label="List">
          <RowLink href={routes.contactList(row.contactListId)}>{row.listName}</RowLink>
        </td>
      )}
      <td data-label="Source">
        {row.emailAccountId && row.accountName ? (
          <RowLink href={routes.emailAccount(row.emailAccountId)}>{row.accountName}</RowLink>
        ) : (
          <span className={classes.dimmed}>{row.firstSeenAt ? "Deleted account" : "Entered"}</span>
        )}
      </td>
      <td data-label="First seen" className={classes.fit}>
        <RelativeTime at={row.firstSeenAt ?? row.createdAt} />
      </td>
      <td data-label="Last seen" className={classes.fit}>
        {row.lastSeenAt ? (
          <RelativeTime at={row.lastSeenAt} />
        ) : (
          <span className={classes.dimmed}>Never</span>
        )}
      </td>
      <td className={classes.menu}>
        <ContactMenu contact={row} />
      </td>
    </tr>
  );
}
