import { Group } from "@mantine/core";
import { IconAddressBook } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { ListFilters } from "@/components/list-filters";
import { ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { SearchField } from "@/components/search-field";
import { SortHeader } from "@/components/sort-header";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import { UnknownFilters } from "@/components/unknown-filters";
import {
  countContactListViews,
  listContactLists,
  searchContactLists,
} from "@/lib/contacts/lists/queries";
import {
  CONTACT_LIST_SORTS,
  CONTACT_LIST_VIEW_LABELS,
  type ContactListRow,
  type ContactListSort,
  contactListFilterSchema,
} from "@/lib/contacts/lists/schema";
import { requireUserOf } from "@/lib/http/auth/session";
import {
  type ListParams,
  listHref,
  listParamsSchema,
  placeOf,
  readFilters,
  sortLink,
} from "@/lib/kernel/paging/schema";
import { ContactListRows } from "../contact-list-rows";
import { ContactLists } from "../contact-lists";
import { NewListButton } from "../new-list-button";

export const metadata: Metadata = { title: "Contacts Manager" };

const PATH = "/contacts";
const paramsSchema = listParamsSchema(CONTACT_LIST_SORTS);

export default async function ContactsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUserOf("/contacts");
  const query = await searchParams;
  const { filters, unknown } = readFilters(contactListFilterSchema, query);
  const params = { ...paramsSchema.parse(query), ...filters };
  const [{ rows, ...page }, lists, counts] = await Promise.all([
    listContactLists(actor, params),
    searchContactLists(actor, ""),
    countContactListViews(actor, params.search),
  ]);
  const isEmpty = lists.found.length === 0;
  return (
    <ContactLists lists={lists}>
      <Page
        title="Contacts Manager"
        description="Lists that email accounts save new senders to."
        actions={isEmpty ? undefined : <ListActions />}
        footer={
          !isEmpty && (
            <ListFooter
              page={{ ...page, ...placeOf(params), shown: rows.length }}
              hrefOf={(cursor) => listHref(PATH, params, cursor)}
              noun={{ one: "list", many: "lists" }}
              add={<NewListButton look="add" />}
            />
          )
        }
      >
        <UnknownFilters unknown={unknown} noun="lists" />
        {!isEmpty && (
          <ListFilters
            path={PATH}
            params={params}
            counts={counts}
            labels={CONTACT_LIST_VIEW_LABELS}
          />
        )}
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
          <ListTable lists={rows} params={params} />
        )}
      </Page>
    </ContactLists>
  );
}

function ListActions() {
  return (
    <Group gap="xs">
      <SearchField label="Search lists" />
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

type ListTableProps = { lists: ContactListRow[]; params: ListParams<ContactListSort> };

function ListTable({ lists, params }: ListTableProps) {
  if (lists.length === 0)
    return (
      <NothingFound href={PATH} all="Show all lists">
        {params.search
          ? `No list in this view has “${params.search}” in its name.`
          : "No list is in this view."}
      </NothingFound>
    );
  return (
    <Table
      head={
        <>
          <SortHeader label="List" {...sortLink(PATH, params, "name")} />
          <SortHeader label="Contacts" {...sortLink(PATH, params, "contacts")} />
          <SortHeader label="Email accounts" {...sortLink(PATH, params, "accounts")} />
          <th className={classes.menu} aria-label="Actions" />
        </>
      }
    >
      <ContactListRows lists={lists} />
    </Table>
  );
}
