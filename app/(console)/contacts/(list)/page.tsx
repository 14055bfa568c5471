import { Group } from "@mantine/core";
import { IconAddressBook } from "@tabler/icons-react";
import { LinkButton } from "@/components/links";
import { EmptyState, ListPage } from "@/components/list-page";
import { routes } from "@/components/routes";
import { listContactLists, searchContactLists } from "@/lib/contacts/lists/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { ContactListRows, NewListButton } from "../contact-list-rows";
import { ContactLists } from "../contact-lists";

const PATH = "/contacts";

export default async function ContactsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUserOf("/contacts");
  const [list, choices] = await Promise.all([
    listContactLists.open(actor, await searchParams),
    searchContactLists(actor, ""),
  ]);
  const { search } = list.params;
  return (
    <ContactLists lists={choices}>
      <ListPage
        list={list}
        path={PATH}
        title="Contacts Manager"
        description="Lists that email accounts save new senders to."
        noun={{ one: "list", many: "lists" }}
        search="Search lists"
        actions={
          <Group gap="xs">
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
        }
        add={<NewListButton look="add" />}
        empty={
          <EmptyState
            icon={IconAddressBook}
            title="Create your first list"
            action={<NewListButton look="button" />}
          >
            Email accounts save new senders to a list. You can also create a list while you add an
            account.
          </EmptyState>
        }
        nothing={search && `No list in this view has “${search}” in its name.`}
        columns={[
          ["List", "name"],
          ["Contacts", "contacts"],
          ["Email accounts", "accounts"],
        ]}
        rows={(rows) => <ContactListRows lists={rows} />}
      />
    </ContactLists>
  );
}
