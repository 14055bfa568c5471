import { Button, ButtonGroup } from "@mantine/core";
import { IconAddressBook, IconDownload, IconUpload } from "@tabler/icons-react";
import type { Route } from "next";
import type { ReactNode } from "react";
import { LinkButton } from "@/components/links";
import type { ChosenFilter } from "@/components/list-filters";
import { EmptyState, ListPage } from "@/components/list-page";
import { routes } from "@/components/routes";
import { findContactList, searchContactLists } from "@/lib/contacts/lists/queries";
import { type ContactFilters, listContacts } from "@/lib/contacts/queries";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import type { Actor } from "@/lib/kernel/actor";
import type { Choice } from "@/lib/kernel/choices/schema";
import { searchContactListsAction, searchEmailAccountsAction } from "../choices/actions";
import { ContactLists } from "./contact-lists";
import { ContactRows, ContactSelection, NewContactButton } from "./contact-rows";

type ContactsViewProps = {
  actor: Actor;
  title: string;
  path: Route;
  list?: Choice;
  searchParams: Record<string, string | string[] | undefined>;
  menu?: ReactNode;
};

const OF_LIST = { name: "contactListId", label: "List", find: searchContactListsAction };
const OF_ACCOUNT = { name: "emailAccountId", label: "Source", find: searchEmailAccountsAction };

export async function ContactsView(props: ContactsViewProps) {
  const { actor, list, menu } = props;
  const ofList = list && { contactListId: list.id };
  const [contacts, lists] = await Promise.all([
    listContacts.open(actor, props.searchParams, ofList),
    searchContactLists(actor, ""),
  ]);
  const { search, view, emailAccountId, contactListId } = { ...contacts.params, ...ofList };
  const addTo = list ?? lists.found[0];
  return (
    <ContactLists lists={lists}>
      <ListPage
        list={contacts}
        path={props.path}
        title={props.title}
        parent={{ href: "/contacts", label: "Contacts Manager" }}
        noun={{ one: "contact", many: "contacts" }}
        search="Search contacts"
        actions={menu}
        add={addTo && <NewContactButton list={addTo} />}
        filters={list ? [OF_ACCOUNT] : [OF_LIST, OF_ACCOUNT]}
        chosen={await chosen(actor, contacts.params)}
        empty={
          <EmptyState
            icon={IconAddressBook}
            title="No contacts yet"
            link={{ href: routes.importContacts(list?.id), label: "Import a file" }}
          >
            New senders appear here automatically once an email account saves them to a list. You
            can also add contacts with the + button.
          </EmptyState>
        }
        nothing={search && `No contact in this view has “${search}” in its name or address.`}
        columns={[
          ["Address", "email"],
          ["Name", "name"],
          ...(contactListId ? [] : ["List"]),
          "Source",
          ["First seen", "firstSeen"],
          ["Last seen", "lastSeen"],
        ]}
        rows={(rows) => <ContactRows rows={rows} showsList={!contactListId} />}
        around={(content) =>
          contacts.rows.length === 0 ? (
            content
          ) : (
            <ContactSelection
              rows={contacts.rows}
              hasOtherList={lists.found.length > 1}
              files={<FileLinks filter={{ search, view, emailAccountId, contactListId }} />}
            >
              {content}
            </ContactSelection>
          )
        }
      />
    </ContactLists>
  );
}

async function chosen(
  actor: Actor,
  { contactListId, emailAccountId }: ContactFilters,
): Promise<ChosenFilter[]> {
  const [list, account] = await Promise.all([
    contactListId ? findContactList(actor, contactListId) : null,
    emailAccountId ? findEmailAccount(actor, emailAccountId) : null,
  ]);
  return [
    ...(contactListId
      ? [{ name: "contactListId", label: `List: ${list?.name ?? "deleted"}` }]
      : []),
    ...(emailAccountId
      ? [{ name: "emailAccountId", label: `Source: ${account?.name ?? "deleted"}` }]
      : []),
  ];
}

function FileLinks({ filter }: { filter: { search: string } & ContactFilters }) {
  const { contactListId, ...found } = filter;
  const given = Object.entries(filter).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const href = (format: string) =>
    `/api/contacts/export?${new URLSearchParams([...given, ["format", format]])}`;
  const look = { size: "compact-sm", variant: "default" } as const;
  return (
    <>
      <LinkButton
        {...look}
        href={routes.importContacts(contactListId)}
        leftSection={<IconUpload size={16} />}
      >
        Import
      </LinkButton>
      <ButtonGroup>
        <Button
          {...look}
          component="a"
          href={href("csv")}
          download
          leftSection={<IconDownload size={16} />}
        >
          {Object.values(found).some(Boolean) ? "Export found: CSV" : "Export CSV"}
        </Button>
        <Button {...look} component="a" href={href("vcf")} download>
          vCard
        </Button>
      </ButtonGroup>
    </>
  );
}
