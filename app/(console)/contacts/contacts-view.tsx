import { Group } from "@mantine/core";
import { IconAddressBook } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { EmptyState } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { SearchField } from "@/components/search-field";
import { searchContactLists } from "@/lib/contacts/lists/queries";
import { listContacts } from "@/lib/contacts/queries";
import { CONTACT_SORTS } from "@/lib/contacts/schema";
import type { Actor } from "@/lib/kernel/actor";
import type { Choice } from "@/lib/kernel/choices/schema";
import { listHref, listParamsSchema, placeOf } from "@/lib/kernel/paging/schema";
import { ContactLists } from "./contact-lists";
import { ContactSelection } from "./contact-selection";
import { ContactTable } from "./contact-table";
import { FileLinks } from "./file-links";
import { NewContactButton } from "./new-contact-button";

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
  const contactListId = list?.id;
  const params = paramsSchema.parse(searchParams);
  const [{ rows, ...page }, lists] = await Promise.all([
    listContacts(actor, params, contactListId),
    searchContactLists(actor, ""),
  ]);
  const addTo = list ?? lists.found[0];
  return (
    <ContactLists lists={lists}>
      <Page
        title={title}
        parent={{ href: "/contacts", label: "Contacts Manager" }}
        actions={
          <Group gap="xs" wrap="nowrap" w={{ base: "100%", sm: "auto" }}>
            <SearchField label="Search contacts" />
            {menu}
          </Group>
        }
        footer={
          <ListFooter
            page={{ ...page, ...placeOf(params), shown: rows.length }}
            hrefOf={(cursor) => listHref(path, params, cursor)}
            noun={{ one: "contact", many: "contacts" }}
            add={addTo && <NewContactButton list={addTo} />}
          />
        }
      >
        {rows.length === 0 ? (
          <NoContacts search={params.search} {...(contactListId && { contactListId })} />
        ) : (
          <ContactSelection
            rows={rows}
            hasOtherList={lists.found.length > 1}
            files={<FileLinks search={params.search} {...(contactListId && { contactListId })} />}
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

type NoContactsProps = { search: string; contactListId?: string };

function NoContacts({ search, contactListId }: NoContactsProps) {
  const icon = <IconAddressBook size={40} stroke={1.3} />;
  if (search)
    return (
      <EmptyState icon={icon} title="Nothing found">
        No contact has “{search}” in its name or address.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={icon}
      title="No contacts yet"
      action={
        <LinkButton href={routes.importContacts(contactListId)} variant="default" mt="md">
          Import a file
        </LinkButton>
      }
    >
      New senders appear here automatically once an email account saves them to a list. You can also
      add contacts with the + button.
    </EmptyState>
  );
}
