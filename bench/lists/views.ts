import { AUDIT_RESULTS } from "@/lib/audit/trail/schema";
import { TEST_RUN_SORTS, TEST_RUN_VIEWS } from "@/lib/checks/runs/schema";
import { CONTACT_LIST_SORTS, CONTACT_LIST_VIEWS } from "@/lib/contacts/lists/schema";
import { CONTACT_SORTS, CONTACT_VIEWS } from "@/lib/contacts/schema";
import { ACCOUNT_VIEWS } from "@/lib/email-accounts/filters/schema";
import { EMAIL_ACCOUNT_SORTS } from "@/lib/email-accounts/schema";
import { PROVIDER_VIEWS, SHOWN_PROVIDER_STATES } from "@/lib/registrations/filters/schema";
import { CLOUD_PROVIDER_SORTS } from "@/lib/registrations/schema";
import { INCIDENT_SORTS, INCIDENT_STATES } from "@/lib/watch/incidents/schema";
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
        ...each("view", ACCOUNT_VIEWS),
        ...sorted(EMAIL_ACCOUNT_SORTS),
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
        ...each("view", PROVIDER_VIEWS),
        ...each("shownState", SHOWN_PROVIDER_STATES),
        ...sorted(CLOUD_PROVIDER_SORTS),
        { service: "google" },
        { cloud: "china" },
        { search: NEEDLE },
      ],
    },
    contacts: {
      path: "/contacts/all",
      label: "100,000 contacts",
      queries: [
        ...each("view", CONTACT_VIEWS),
        ...sorted(CONTACT_SORTS),
        { contactListId: known.list },
        { emailAccountId: known.account },
        { search: NEEDLE },
      ],
    },
    lists: {
      path: "/contacts",
      label: "1,000 Lists of 100,000 contacts",
      queries: [...each("view", CONTACT_LIST_VIEWS), ...sorted(CONTACT_LIST_SORTS)],
    },
    testRuns: {
      path: "/email/accounts/tests",
      label: "1,000 test runs of 100,000 tests",
      queries: [...each("view", TEST_RUN_VIEWS), ...sorted(TEST_RUN_SORTS)],
    },
    incidents: {
      path: "/incidents",
      label: "100,000 incidents",
      queries: [...each("state", INCIDENT_STATES), ...sorted(INCIDENT_SORTS)],
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

function sorted(sorts: readonly string[]): Query[] {
  return sorts.flatMap((sort) => ["asc", "desc"].map((direction) => ({ sort, direction })));
}
