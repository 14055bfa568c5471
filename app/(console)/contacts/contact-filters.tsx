import { FilterChoice } from "@/components/filter-choice";
import { type ChosenFilter, ListFilters } from "@/components/list-filters";
import {
  CONTACT_VIEW_LABELS,
  type ContactSort,
  type ContactView,
  type ContactFilters as Filters,
} from "@/lib/contacts/schema";
import type { ListParams, ViewCount } from "@/lib/kernel/paging/schema";
import { searchContactListsAction, searchEmailAccountsAction } from "../choices/actions";

type ContactFiltersProps = {
  path: string;
  params: ListParams<ContactSort> & Filters;
  counts: ViewCount<ContactView>[];
  /** What the filters by id are called. */
  named: { listName: string | undefined; accountName: string | undefined };
  /** Whether a list can be chosen. */
  hasLists: boolean;
};

/** The views of the list with their counts, and everything else that it can be narrowed to. */
export function ContactFilters(props: ContactFiltersProps) {
  const { path, params, counts, named, hasLists } = props;
  return (
    <ListFilters
      path={path}
      params={params}
      counts={counts}
      labels={CONTACT_VIEW_LABELS}
      on={chosen(params, named)}
    >
      {hasLists && (
        <FilterChoice name="contactListId" label="List" find={searchContactListsAction} />
      )}
      <FilterChoice name="emailAccountId" label="Source" find={searchEmailAccountsAction} />
    </ListFilters>
  );
}

function chosen(params: Filters, named: ContactFiltersProps["named"]): ChosenFilter[] {
  const { contactListId, emailAccountId } = params;
  const { listName = "deleted", accountName = "deleted" } = named;
  return [
    ...(contactListId ? [{ name: "contactListId", label: `List: ${listName}` }] : []),
    ...(emailAccountId ? [{ name: "emailAccountId", label: `Source: ${accountName}` }] : []),
  ];
}
