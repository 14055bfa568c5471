import { AUDIT_RESULTS } from "@/lib/audit/trail/schema";
import { listTestRuns } from "@/lib/checks/runs/queries";
import { listContactLists } from "@/lib/contacts/lists/queries";
import { listContacts } from "@/lib/contacts/queries";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { SHOWN_PROVIDER_STATES } from "@/lib/registrations/filters/schema";
import { listCloudProviders } from "@/lib/registrations/queries";
import { listIncidents } from "@/lib/watch/incidents/list/queries";
import { DELEGATE, NEEDLE } from "./seed-lists";

/** Every list that can be narrowed and sorted, by its page, with what is asked of it. */
export type FilteredList = {
  path: string;
  /** What it is a list of, at the size that is measured. */
  label: string;
  queries: Query[];
};
export type Query = Readonly<Record<string, string>>;
/** Ids of what the list is narrowed to. */
export type Known = { provider: string; list: string; account: string };

export const LIST_NAMES = [
  "accounts",
  "providers",
  "contacts",
  "lists",
  "testRuns",
  "incidents",
  "audit",
] as const;
export type FilteredListName = (typeof LIST_NAMES)[number];

export function filteredLists(known: Known): Record<FilteredListName, FilteredList> {
  return {
    accounts: {
      path: "/email/accounts",
      label: "100,000 accounts",
      queries: [
        ...viewsAndOrders(listEmailAccounts),
        { cloudProviderId: known.provider },
        { contactListId: known.list },
        { delegate: DELEGATE },
        { service: "gmail" },
        { testSchedule: "daily" },
        { search: NEEDLE },
        // Which all of them have in their addresses, and the views are counted within.
        { search: "contoso" },
      ],
    },
    providers: {
      path: "/settings/cloud-providers",
      label: "100,000 providers",
      queries: [
        ...viewsAndOrders(listCloudProviders),
        ...each("shownState", SHOWN_PROVIDER_STATES),
        { service: "google" },
        { cloud: "china" },
        { search: NEEDLE },
      ],
    },
    contacts: {
      path: "/contacts/all",
      label: "100,000 contacts",
      queries: [
        ...viewsAndOrders(listContacts),
        { contactListId: known.list },
        { emailAccountId: known.account },
        { search: NEEDLE },
      ],
    },
    lists: {
      path: "/contacts",
      label: "1,000 Lists of 100,000 contacts",
      queries: viewsAndOrders(listContactLists),
    },
    testRuns: {
      path: "/email/accounts/tests",
      label: "1,000 test runs of 100,000 tests",
      queries: viewsAndOrders(listTestRuns),
    },
    incidents: {
      path: "/incidents",
      label: "100,000 incidents",
      queries: viewsAndOrders(listIncidents),
    },
    audit: {
      path: "/settings/audit",
      label: "100,000 events",
      queries: [
        ...each("result", AUDIT_RESULTS),
        { actor: "7" },
        { action: "session.refuse" },
        { kind: "contact" },
        { from: "2020-01-01", to: "2020-01-02" },
        { search: NEEDLE },
      ],
    },
  };
}

function each(name: string, values: readonly string[]): Query[] {
  return values.map((value) => ({ [name]: value }));
}

type Named = { viewNames: readonly string[]; sortNames: readonly string[] };

function viewsAndOrders({ viewNames, sortNames }: Named): Query[] {
  const orders = sortNames.flatMap((sort) =>
    ["asc", "desc"].map((direction) => ({ sort, direction })),
  );
  return [...each("view", viewNames), ...orders];
}
