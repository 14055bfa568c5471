import { Group } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import {
  searchDelegatesAction,
  searchListsOfAccountsAction,
  searchProvidersOfAccountsAction,
  searchSchedulesOfAccountsAction,
  searchServicesOfAccountsAction,
} from "@/app/(console)/choices/actions";
import { LinkButton } from "@/components/links";
import type { ChosenFilter } from "@/components/list-filters";
import { AddLink } from "@/components/list-footer";
import { EmptyState, ListPage } from "@/components/list-page";
import { routes } from "@/components/routes";
import { findContactList } from "@/lib/contacts/lists/queries";
import type { AccountFilters as Filters } from "@/lib/email-accounts/filters/schema";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { SERVICE_LABELS, TEST_SCHEDULE_LABELS } from "@/lib/email-accounts/schema";
import { requireUser } from "@/lib/http/auth/session";
import { type Actor, can } from "@/lib/kernel/actor";
import { SERVICES } from "@/lib/mail/services/schema";
import { findCloudProvider } from "@/lib/registrations/queries";
import { findRemedy } from "@/lib/remedies/catalogue";
import { AccountSelection } from "../account-selection";
import { EmailAccountRows } from "../email-account-rows";
import { toShown } from "../shown-account";

const PATH = "/email/accounts";
const IMPORT = `${PATH}/import` as const;

export default async function EmailAccountsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const list = await listEmailAccounts.open(actor, await searchParams);
  const { search, sort, direction, after, before, row, limit, ...filters } = list.params;
  return (
    <ListPage
      list={list}
      path={PATH}
      title="Email Accounts"
      description="Mailboxes that your software uses to send and receive."
      noun={{ one: "account", many: "accounts" }}
      search="Search email accounts"
      // While there is none, the page itself leads to them.
      actions={(list.rows.length > 0 || list.isNarrowed) && <Actions />}
      add={<AddLink href={`${PATH}/new`} label="New Email Account" />}
      filters={[
        { name: "cloudProviderId", label: "Provider", find: searchProvidersOfAccountsAction },
        { name: "contactListId", label: "List", find: searchListsOfAccountsAction },
        { name: "delegate", label: "Delegate", find: searchDelegatesAction },
        { name: "service", label: "Service", find: searchServicesOfAccountsAction },
        { name: "testSchedule", label: "Test schedule", find: searchSchedulesOfAccountsAction },
      ].filter(({ name }) => name !== "contactListId" || can(actor, "contacts:read"))}
      chosen={await chosenFilters(actor, filters)}
      always={["attention"]}
      empty={<NoAccounts />}
      nothing={
        search &&
        `No account in this view has “${search}” in its name, key, address, user name or provider.`
      }
      columns={[
        ["Name", "name"],
        ["Address", "address"],
        ["State", "state"],
        ["Provider", "provider"],
        ["Last test", "lastTest"],
      ]}
      rows={(rows) => (
        <EmailAccountRows
          rows={rows.map((each) => toShown(each, list.params))}
          isSelectable={can(actor, "accounts:test")}
        />
      )}
      around={(content) => (
        <AccountSelection
          key={JSON.stringify([search, filters])}
          search={search}
          filters={filters}
          total={list.total}
          isEmpty={list.rows.length === 0}
        >
          {content}
        </AccountSelection>
      )}
    />
  );
}

function Actions() {
  return (
    <Group gap="xs">
      <LinkButton href={routes.testRuns} variant="default">
        Test runs
      </LinkButton>
      <LinkButton href={IMPORT} variant="default">
        Import
      </LinkButton>
    </Group>
  );
}

function NoAccounts() {
  return (
    <EmptyState
      icon={IconMail}
      title="Add your first email account"
      action={
        <Group justify="center" mt="md" gap="xs">
          <LinkButton href={`${PATH}/new`}>New Email Account</LinkButton>
          <LinkButton href={IMPORT} variant="default">
            Import
          </LinkButton>
        </Group>
      }
    >
      Bind a mailbox to a cloud provider, then test IMAP, SMTP and POP3 with one click.
    </EmptyState>
  );
}

async function chosenFilters(actor: Actor, params: Filters): Promise<ChosenFilter[]> {
  const { delegate, service, server, testSchedule, failedWith } = params;
  const [providerName, listName] = await namesOf(actor, params);
  const labels = {
    cloudProviderId: `Provider: ${providerName}`,
    contactListId: `List: ${listName}`,
    delegate: `Delegate: ${delegate}`,
    service: service && `Service: ${SERVICE_LABELS[service]}`,
    server: server && `Server: ${serverText(server)}`,
    testSchedule: testSchedule && `Tested: ${TEST_SCHEDULE_LABELS[testSchedule]}`,
    importId: "From one import",
    failedInTestRun: "Failed in a test run",
    leftOutOfTestRun: "Left out of a test run",
    failedWith: failedWith && `Cause: ${findRemedy(failedWith).title.replace(/\.$/, "")}`,
  };
  return Object.entries(labels).flatMap(([name, label]) =>
    label && params[name as keyof Filters] ? [{ name, label }] : [],
  );
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
