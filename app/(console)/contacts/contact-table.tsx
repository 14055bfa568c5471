import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import selection from "@/components/row-selection.module.css";
import { SortHeader } from "@/components/sort-header";
import classes from "@/components/table.module.css";
import type { ContactRow, ContactSort } from "@/lib/contacts/schema";
import { type ListParams, sortLink } from "@/lib/kernel/paging/schema";
import { ContactMenu } from "./contact-menu";
import { SELECTED } from "./selected";

type ContactTableProps = {
  rows: ContactRow[];
  params: ListParams<ContactSort>;
  path: string;
  /** Whether the rows may be of different lists. */
  showsList: boolean;
};

export function ContactTable({ rows, params, path, showsList }: ContactTableProps) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <SortHeader label="Address" {...sortLink(path, params, "email")} />
            <SortHeader label="Name" {...sortLink(path, params, "name")} />
            {showsList && <SortHeader label="List" {...sortLink(path, params, "list")} />}
            <SortHeader label="Source" {...sortLink(path, params, "source")} />
            <SortHeader label="First seen" {...sortLink(path, params, "firstSeen")} />
            <SortHeader label="Last seen" {...sortLink(path, params, "lastSeen")} />
            <th className={classes.menu} aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} showsList={showsList} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, showsList }: { row: ContactRow; showsList: boolean }) {
  return (
    <tr>
      <td className={classes.wide}>
        <div className={selection.named}>
          <input
            type="checkbox"
            name={SELECTED}
            value={row.id}
            className={selection.box}
            aria-label={`Select ${row.email}`}
          />
          <span>{row.email}</span>
        </div>
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
