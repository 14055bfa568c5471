import type { Route } from "next";
import type { ReactNode } from "react";
import { FilterChoice } from "@/components/filter-choice";
import type { ChosenFilter } from "@/components/list-filters";
import { ListPage } from "@/components/list-page";
import { findContactList, searchContactLists } from "@/lib/contacts/lists/queries";
import { type ContactFilters, listContacts } from "@/lib/contacts/queries";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import type { Actor } from "@/lib/kernel/actor";
import type { Choice } from "@/lib/kernel/choices/schema";
import { searchContactListsAction, searchEmailAccountsAction } from "../choices/actions";
import { ContactLists } from "./contact-lists";
import { ContactRows } from "./contact-rows";
import { ContactSelection } from "./contact-selection";
import { FileLinks } from "./file-links";
import { NewContactButton } from "./new-contact-button";
import { NoContacts } from "./no-contacts";

type ContactsViewProps = {
  actor: Actor;
  title: string;
  path: Route;
  list?: Choice;
  searchParams: Record<string, string | string[] | undefined>;
  menu?: ReactNode;
};

const OF_LIST = (
  <FilterChoice key="list" name="contactListId" label="List" find={searchContactListsAction} />
);
const OF_ACCOUNT = (
  <FilterChoice
    key="source"
    name="emailAccountId"
    label="Source"
    find={searchEmailAccountsAction}
  />
);

export async function ContactsView(props: ContactsViewProps) {
  const { actor, list, menu } = props;
  const ofList = list && { contactListId: list.id };
  const [contacts, lists] = await Promise.all([
    listContacts.open(actor, props.searchParams, ofList),
    searchContactLists(actor, ""),
  ]);
  const { search, view, emailAccountId, contactListId } = { ...contacts.params, ...ofList };
  const addTo = list ?? lists.found[0];
  const files = <FileLinks filter={{ search, view, emailAccountId, contactListId }} />;
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
        empty={<NoContacts {...ofList} />}
        {...(search && {
          nothing: `No contact in this view has “${search}” in its name or address.`,
        })}
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
              files={files}
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
