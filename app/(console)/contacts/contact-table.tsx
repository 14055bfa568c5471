import { SortHeader } from "@/components/sort-header";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import type { ContactRow, ContactSort } from "@/lib/contacts/schema";
import { type ListParams, sortLink } from "@/lib/kernel/paging/schema";
import { ContactRows } from "./contact-rows";

type ContactTableProps = {
  rows: ContactRow[];
  params: ListParams<ContactSort>;
  path: string;
  /** Whether the rows may be of different lists. */
  showsList: boolean;
};

export function ContactTable({ rows, params, path, showsList }: ContactTableProps) {
  return (
    <Table
      head={
        <>
          <SortHeader label="Address" {...sortLink(path, params, "email")} />
          <SortHeader label="Name" {...sortLink(path, params, "name")} />
          {showsList && <SortHeader label="List" {...sortLink(path, params, "list")} />}
          <SortHeader label="Source" {...sortLink(path, params, "source")} />
          <SortHeader label="First seen" {...sortLink(path, params, "firstSeen")} />
          <SortHeader label="Last seen" {...sortLink(path, params, "lastSeen")} />
          <th className={classes.menu} aria-label="Actions" />
        </>
      }
    >
      <ContactRows rows={rows} showsList={showsList} />
    </Table>
  );
}
