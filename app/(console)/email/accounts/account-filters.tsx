import {
  searchDelegatesAction,
  searchListsOfAccountsAction,
  searchProvidersOfAccountsAction,
  searchSchedulesOfAccountsAction,
  searchServicesOfAccountsAction,
} from "@/app/(console)/choices/actions";
import { Can } from "@/components/can";
import { FilterChoice } from "@/components/filter-choice";
import type { ChosenFilter } from "@/components/list-filters";
import { findContactList } from "@/lib/contacts/lists/queries";
import type { AccountFilters as Filters } from "@/lib/email-accounts/filters/schema";
import { SERVICE_LABELS, TEST_SCHEDULE_LABELS } from "@/lib/email-accounts/schema";
import { type Actor, can } from "@/lib/kernel/actor";
import { SERVICES } from "@/lib/mail/services/schema";
import { findCloudProvider } from "@/lib/registrations/queries";
import { findRemedy } from "@/lib/remedies/catalogue";

export const ACCOUNT_FILTERS = [
  <FilterChoice
    key="provider"
    name="cloudProviderId"
    label="Provider"
    find={searchProvidersOfAccountsAction}
  />,
  <Can key="list" permission="contacts:read">
    <FilterChoice name="contactListId" label="List" find={searchListsOfAccountsAction} />
  </Can>,
  <FilterChoice key="delegate" name="delegate" label="Delegate" find={searchDelegatesAction} />,
  <FilterChoice
    key="service"
    name="service"
    label="Service"
    find={searchServicesOfAccountsAction}
  />,
  <FilterChoice
    key="schedule"
    name="testSchedule"
    label="Test schedule"
    find={searchSchedulesOfAccountsAction}
  />,
];

export async function chosenFilters(actor: Actor, params: Filters): Promise<ChosenFilter[]> {
  const { cloudProviderId, contactListId, delegate, importId, failedInTestRun, failedWith } =
    params;
  const { service, server, testSchedule } = params;
  const [providerName, listName] = await namesOf(actor, params);
  return [
    ...(cloudProviderId ? [{ name: "cloudProviderId", label: `Provider: ${providerName}` }] : []),
    ...(contactListId ? [{ name: "contactListId", label: `List: ${listName}` }] : []),
    ...(delegate ? [{ name: "delegate", label: `Delegate: ${delegate}` }] : []),
    ...(service ? [{ name: "service", label: `Service: ${SERVICE_LABELS[service]}` }] : []),
    ...(server ? [{ name: "server", label: `Server: ${serverText(server)}` }] : []),
    ...(testSchedule
      ? [{ name: "testSchedule", label: `Tested: ${TEST_SCHEDULE_LABELS[testSchedule]}` }]
      : []),
    ...(importId ? [{ name: "importId", label: "From one import" }] : []),
    ...(failedInTestRun ? [{ name: "failedInTestRun", label: "Failed in a test run" }] : []),
    ...(failedWith ? [{ name: "failedWith", label: `Cause: ${causeText(failedWith)}` }] : []),
  ];
}

async function namesOf(actor: Actor, { cloudProviderId, contactListId }: Filters) {
  const seesLists = can(actor, "contacts:read");
  const [provider, list] = await Promise.all([
    cloudProviderId ? findCloudProvider(actor, cloudProviderId) : null,
    contactListId && seesLists ? findContactList(actor, contactListId) : null,
  ]);
  return [provider?.name ?? "deleted", seesLists ? (list?.name ?? "deleted") : "chosen"];
}

function serverText(server: string): string {
  const service = SERVICES.find((id) => id === server);
  return service ? SERVICE_LABELS[service] : server;
}

function causeText(failedWith: string): string {
  return findRemedy(failedWith).title.replace(/\.$/, "");
}
