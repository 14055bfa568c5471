import { Group } from "@mantine/core";
import type { ReactNode } from "react";
import { z } from "zod";
import { ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { SearchField } from "@/components/search-field";
import { UnknownFilters } from "@/components/unknown-filters";
import { findContactList, searchContactLists } from "@/lib/contacts/lists/queries";
import { countContactViews, listContacts } from "@/lib/contacts/queries";
import {
  CONTACT_SORTS,
  contactFilterSchema,
  type ContactFilters as Filters,
} from "@/lib/contacts/schema";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import type { Actor } from "@/lib/kernel/actor";
import type { Choice } from "@/lib/kernel/choices/schema";
import { listHref, listParamsSchema, placeOf, readFilters } from "@/lib/kernel/paging/schema";
import { ContactFilters } from "./contact-filters";
import { ContactLists } from "./contact-lists";
import { ContactSelection } from "./contact-selection";
import { ContactTable } from "./contact-table";
import { FileLinks } from "./file-links";
import { NewContactButton } from "./new-contact-button";
import { NoContacts, NoneFound } from "./no-contacts";

const paramsSchema = listParamsSchema(CONTACT_SORTS);

type ContactsViewProps = {
  actor: Actor;
  title: string;
  path: string;
  /** One list, or all of them. */
  list?: Choice;
  searchParams: Record<string, string | string[] | undefined>;
  menu?: ReactNode;
};

/** Contacts of a list, or of all lists. */
export async function ContactsView(props: ContactsViewProps) {
  const { actor, title, path, list, searchParams, menu } = props;
  const { filters, unknown } = readFilters(list ? ofListSchema : contactFilterSchema, searchParams);
  const params = { ...paramsSchema.parse(searchParams), ...filters };
  const contactListId = list?.id ?? filters.contactListId;
  const [{ rows, ...page }, lists, counts, named] = await Promise.all([
    listContacts(actor, params, contactListId),
    searchContactLists(actor, ""),
    countContactViews(actor, { ...filters, contactListId, search: params.search }),
    nameFilters(actor, filters),
  ]);
  const isNarrowed = params.search !== "" || Object.values(filters).some(Boolean);
  const isNew = rows.length === 0 && !isNarrowed;
  const addTo = list ?? lists.found[0];
  return (
    <ContactLists lists={lists}>
      <Page
        title={title}
        parent={{ href: "/contacts", label: "Contacts Manager" }}
        actions={<Actions menu={menu} />}
        footer={
          <ListFooter
            page={{ ...page, ...placeOf(params), shown: rows.length }}
            hrefOf={(cursor) => listHref(path, params, cursor)}
            noun={{ one: "contact", many: "contacts" }}
            add={addTo && <NewContactButton list={addTo} />}
          />
        }
      >
        <UnknownFilters unknown={unknown} noun="contacts" />
        {!isNew && (
          <ContactFilters
            path={path}
            params={params}
            counts={counts}
            named={named}
            hasLists={list === undefined}
          />
        )}
        {isNew && <NoContacts {...(contactListId && { contactListId })} />}
        {!isNew && rows.length === 0 && <NoneFound path={path} search={params.search} />}
        {rows.length > 0 && (
          <ContactSelection
            rows={rows}
            hasOtherList={lists.found.length > 1}
            files={<FileLinks filter={{ ...filters, search: params.search, contactListId }} />}
          >
            <ContactTable
              rows={rows}
              params={params}
              path={path}
              showsList={contactListId === undefined}
            />
          </ContactSelection>
        )}
      </Page>
    </ContactLists>
  );
}

function Actions({ menu }: Pick<ContactsViewProps, "menu">) {
  return (
    <Group gap="xs" wrap="nowrap" w={{ base: "100%", sm: "auto" }}>
      <SearchField label="Search contacts" />
      {menu}
    </Group>
  );
}

/** Of one list: which one is not to be chosen. */
const ofListSchema = contactFilterSchema.omit({ contactListId: true }).extend({
  contactListId: z.undefined().optional(),
});

/** What the ids of an address are called; undefined where it was deleted. */
async function nameFilters(actor: Actor, { contactListId, emailAccountId }: Filters) {
  const [list, account] = await Promise.all([
    contactListId ? findContactList(actor, contactListId) : null,
    emailAccountId ? findEmailAccount(actor, emailAccountId) : null,
  ]);
  return { listName: list?.name, accountName: account?.name };
}
