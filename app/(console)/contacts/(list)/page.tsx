import { Group } from "@mantine/core";
import { IconAddressBook } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { hasMorePages, ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { SearchField } from "@/components/search-field";
import classes from "@/components/table.module.css";
import { listContactLists, searchContactLists } from "@/lib/contacts/lists/queries";
import { CONTACT_LIST_SORTS, type ContactListRow } from "@/lib/contacts/lists/schema";
import { requireUser } from "@/lib/http/auth/session";
import { listHref, listParamsSchema } from "@/lib/kernel/paging/schema";
import { ContactListMenu } from "../contact-list-menu";
import { ContactLists } from "../contact-lists";
import { NewListButton } from "../new-list-button";

export const metadata: Metadata = { title: "Contacts Manager" };

const PATH = "/contacts";
const paramsSchema = listParamsSchema(CONTACT_LIST_SORTS);

export default async function ContactsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const params = paramsSchema.parse(await searchParams);
  const [{ rows, ...page }, lists] = await Promise.all([
    listContactLists(actor, params),
    searchContactLists(actor, ""),
  ]);
  const isEmpty = lists.found.length === 0;
  const shown = { ...page, shown: rows.length };
  const isLong = hasMorePages(shown);
  return (
    <ContactLists lists={lists}>
      <Page
        title="Contacts Manager"
        description="Lists that email accounts save new senders to."
        actions={isEmpty ? undefined : <ListActions canSearch={isLong || params.search !== ""} />}
        footer={
          !isEmpty && (
            <ListFooter
              page={shown}
              hrefOf={(cursor) => listHref(PATH, params, cursor)}
              noun={{ one: "list", many: "lists" }}
              add={<NewListButton look="add" />}
            />
          )
        }
      >
        {isEmpty ? (
          <EmptyState
            icon={<IconAddressBook size={40} stroke={1.3} />}
            title="Create your first list"
            action={<NewListButton look="button" />}
          >
            Email accounts save new senders to a list. You can also create a list while you add an
            account.
          </EmptyState>
        ) : (
          <ListTable lists={rows} search={params.search} />
        )}
      </Page>
    </ContactLists>
  );
}

function ListActions({ canSearch }: { canSearch: boolean }) {
  return (
    <Group gap="xs">
      {canSearch && <SearchField label="Search lists" />}
      <LinkButton href={routes.personalData()} variant="default">
        Personal data
      </LinkButton>
      <LinkButton href={routes.importContacts()} variant="default">
        Import
      </LinkButton>
      <LinkButton href={routes.allContacts} variant="default">
        All contacts
      </LinkButton>
    </Group>
  );
}

function ListTable({ lists, search }: { lists: ContactListRow[]; search: string }) {
  if (lists.length === 0)
    return (
      <EmptyState icon={<IconAddressBook size={40} stroke={1.3} />} title="Nothing found">
        No list has “{search}” in its name.
      </EmptyState>
    );
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <th>List</th>
            <th>Contacts</th>
            <th>Email accounts</th>
            <th className={classes.menu} aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {lists.map(({ id, name, version, contactCount, accountCount }) => (
            <tr key={id}>
              <td>
                <RowLink href={routes.contactList(id)} look="name">
                  {name}
                </RowLink>
              </td>
              <td data-label="Contacts">{contactCount.toLocaleString("en")}</td>
              <td data-label="Email accounts">{accountCount.toLocaleString("en")}</td>
              <td className={classes.menu}>
                <ContactListMenu id={id} name={name} version={version} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
