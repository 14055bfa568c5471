import { listAuditEvents } from "@/lib/audit/trail/queries";
import { auditParamsSchema } from "@/lib/audit/trail/schema";
import { listTestRuns } from "@/lib/checks/runs/queries";
import { listContactLists } from "@/lib/contacts/lists/queries";
import { listContacts } from "@/lib/contacts/queries";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { listCloudProviders } from "@/lib/registrations/queries";
import { administrator } from "@/lib/testing/actors";
import { listIncidents } from "@/lib/watch/incidents/list/queries";
import type { FilteredListName, Query } from "./views";

const actor = administrator("Benchmark");

const LISTS = {
  accounts: listEmailAccounts,
  providers: listCloudProviders,
  contacts: listContacts,
  lists: listContactLists,
  testRuns: listTestRuns,
  incidents: listIncidents,
};

/** Asks for a page of a list as its page does, with the parameters of its address. */
export async function askList(list: FilteredListName, query: Query): Promise<void> {
  if (list === "audit") await listAuditEvents(actor, auditParamsSchema.parse(query));
  else await LISTS[list].open(actor, query);
}
