import { listAuditEvents } from "@/lib/audit/trail/queries";
import { auditParamsSchema } from "@/lib/audit/trail/schema";
import { countTestRunViews, listTestRuns } from "@/lib/checks/runs/queries";
import { TEST_RUN_SORTS, testRunFilterSchema } from "@/lib/checks/runs/schema";
import { countContactListViews, listContactLists } from "@/lib/contacts/lists/queries";
import { CONTACT_LIST_SORTS, contactListFilterSchema } from "@/lib/contacts/lists/schema";
import { countContactViews, listContacts } from "@/lib/contacts/queries";
import { CONTACT_SORTS, contactFilterSchema } from "@/lib/contacts/schema";
import { countViews } from "@/lib/email-accounts/filters/queries";
import { accountFilterSchema } from "@/lib/email-accounts/filters/schema";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { EMAIL_ACCOUNT_SORTS } from "@/lib/email-accounts/schema";
import { listParamsSchema } from "@/lib/kernel/paging/schema";
import { countProviderViews } from "@/lib/registrations/filters/queries";
import { cloudProviderFilterSchema } from "@/lib/registrations/filters/schema";
import { listCloudProviders } from "@/lib/registrations/queries";
import { CLOUD_PROVIDER_SORTS } from "@/lib/registrations/schema";
import { administrator } from "@/lib/testing/actors";
import { countIncidents, listIncidents } from "@/lib/watch/incidents/list/queries";
import { INCIDENT_SORTS, incidentFilterSchema } from "@/lib/watch/incidents/schema";
import type { FilteredListName, Query } from "./views";

const actor = administrator("Benchmark");

/** What the page of a list asks the database for, with the parameters of its address. */
const LISTS: Record<FilteredListName, (query: Query) => Promise<unknown>> = {
  accounts: (query) =>
    Promise.all([
      countViews(actor, query.search, accountFilterSchema.parse(query)),
      listEmailAccounts(actor, {
        ...listParamsSchema(EMAIL_ACCOUNT_SORTS).parse(query),
        ...accountFilterSchema.parse(query),
      }),
    ]),
  providers: (query) =>
    Promise.all([
      countProviderViews(actor, query.search, cloudProviderFilterSchema.parse(query)),
      listCloudProviders(actor, {
        ...listParamsSchema(CLOUD_PROVIDER_SORTS).parse(query),
        ...cloudProviderFilterSchema.parse(query),
      }),
    ]),
  contacts: (query) =>
    Promise.all([
      countContactViews(actor, { ...contactFilterSchema.parse(query), search: query.search ?? "" }),
      listContacts(actor, {
        ...listParamsSchema(CONTACT_SORTS).parse(query),
        ...contactFilterSchema.parse(query),
      }),
    ]),
  lists: (query) =>
    Promise.all([
      countContactListViews(actor, query.search),
      listContactLists(actor, {
        ...listParamsSchema(CONTACT_LIST_SORTS).parse(query),
        ...contactListFilterSchema.parse(query),
      }),
    ]),
  testRuns: (query) =>
    Promise.all([
      countTestRunViews(actor, query.search),
      listTestRuns(actor, {
        ...listParamsSchema(TEST_RUN_SORTS).parse(query),
        ...testRunFilterSchema.parse(query),
      }),
    ]),
  incidents: (query) =>
    Promise.all([
      countIncidents(actor),
      listIncidents(actor, {
        ...listParamsSchema(INCIDENT_SORTS).parse(query),
        ...incidentFilterSchema.parse(query),
      }),
    ]),
  audit: (query) => listAuditEvents(actor, auditParamsSchema.parse(query)),
};

/** Asks for a page of a list as its page does. */
export async function askList(list: FilteredListName, query: Query): Promise<void> {
  await LISTS[list](query);
}
