import { Group } from "@mantine/core";
import { IconAddressBook } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import classes from "@/components/table.module.css";
import { listContactLists } from "@/lib/contacts/lists/queries";
import type { ContactListRow } from "@/lib/contacts/lists/schema";
import { requireUser } from "@/lib/http/auth/session";
import { ContactListMenu } from "../contact-list-menu";
import { ContactLists } from "../contact-lists";
import { NewListButton } from "../new-list-button";

export const metadata: Metadata = { title: "Contacts Manager" };

export default async function ContactsPage() {
  const lists = await listContactLists(await requireUser());
  const isEmpty = lists.length === 0;
  return (
    <ContactLists lists={lists}>
      <Page
        title="Contacts Manager"
        description="Lists that email accounts save new senders to."
        actions={
          isEmpty ? undefined : (
            <Group gap="xs">
              <LinkButton href={routes.personalData()} variant="default">
                Personal data
              </LinkButton>
              <LinkButton href={routes.allContacts} variant="default">
                All contacts
              </LinkButton>
              <NewListButton />
            </Group>
          )
        }
      >
        {isEmpty ? (
          <EmptyState
            icon={<IconAddressBook size={40} stroke={1.3} />}
            title="Create your first list"
            action={<NewListButton />}
          >
            Email accounts save new senders to a list. You can also create a list while you add an
            account.
          </EmptyState>
        ) : (
          <ListTable lists={lists} />
        )}
      </Page>
    </ContactLists>
  );
}

function ListTable({ lists }: { lists: ContactListRow[] }) {
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
