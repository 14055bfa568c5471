import { IconAddressBook } from "@tabler/icons-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { EmptyState } from "@/components/empty-state";
import { ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { SearchField } from "@/components/search-field";
import { SortHeader } from "@/components/sort-header";
import classes from "@/components/table.module.css";
import { requireUser } from "@/lib/auth/session";
import { findContactList, listContacts } from "@/lib/contact-lists/queries";
import { CONTACT_SORTS, type ContactRow, type ContactSort } from "@/lib/contact-lists/schema";
import { idSchema } from "@/lib/fields/schema";
import { type ListParams, listHref, listParamsSchema, sortLink } from "@/lib/paging/schema";
import { NewContactButton } from "./new-contact-button";

export const metadata: Metadata = { title: "Contacts" };

const paramsSchema = listParamsSchema(CONTACT_SORTS);

type Props = PageProps<"/contacts/[contactListId]">;

export default async function ContactListPage({ params, searchParams }: Props) {
  const actor = await requireUser();
  const id = idSchema.safeParse((await params).contactListId).data;
  const list = id ? await findContactList(actor, id) : null;
  if (!list) notFound();
  const path = `/contacts/${list.id}`;
  const query = paramsSchema.parse(await searchParams);
  const { rows, ...page } = await listContacts(actor, query, list.id);
  return (
    <Page
      title={list.name}
      parent={{ href: "/contacts", label: "Contacts Manager" }}
      actions={<SearchField label="Search contacts" />}
      footer={
        <ListFooter
          page={{ ...page, shown: rows.length }}
          hrefOf={(cursor) => listHref(path, query, cursor)}
          noun={{ one: "contact", many: "contacts" }}
          add={<NewContactButton contactListId={list.id} />}
        />
      }
    >
      {rows.length === 0 ? (
        <EmptyState
          icon={<IconAddressBook size={40} stroke={1.3} />}
          title={query.search ? "Nothing found" : "No contacts yet"}
        >
          {query.search
            ? `No contact has “${query.search}” in its name or address.`
            : "Add one with the + button."}
        </EmptyState>
      ) : (
        <ContactTable rows={rows} query={query} path={path} />
      )}
    </Page>
  );
}

type ContactTableProps = { rows: ContactRow[]; query: ListParams<ContactSort>; path: string };

function ContactTable({ rows, query, path }: ContactTableProps) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <SortHeader label="Address" {...sortLink(path, query, "email")} />
            <th>Name</th>
            <SortHeader label="Added" {...sortLink(path, query, "created")} />
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, email, name, createdAt }) => (
            <tr key={id}>
              <td>{email}</td>
              <td data-label="Name">{name || "–"}</td>
              <td data-label="Added">
                <RelativeTime at={createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
