import { Group } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { AddLink, ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { SearchField } from "@/components/search-field";
import { UnknownFilters } from "@/components/unknown-filters";
import { findContactList } from "@/lib/contacts/lists/queries";
import { countViews } from "@/lib/email-accounts/filters/queries";
import { readAccountFilters } from "@/lib/email-accounts/filters/read";
import type { AccountFilters as AccountFiltersInput } from "@/lib/email-accounts/filters/schema";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { EMAIL_ACCOUNT_SORTS } from "@/lib/email-accounts/schema";
import { requireUser } from "@/lib/http/auth/session";
import { type Actor, can } from "@/lib/kernel/actor";
import { listHref, listParamsSchema, placeOf } from "@/lib/kernel/paging/schema";
import { findCloudProvider } from "@/lib/registrations/queries";
import { AccountFilters } from "../account-filters";
import { AccountSelection } from "../account-selection";
import { EmailAccountTable } from "../email-account-table";

export const metadata: Metadata = { title: "Email Accounts" };

const PATH = "/email/accounts";
const IMPORT = `${PATH}/import` as const;
const paramsSchema = listParamsSchema(EMAIL_ACCOUNT_SORTS);

export default async function EmailAccountsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const query = await searchParams;
  const { filters, unknown } = readAccountFilters(query);
  const params = { ...paramsSchema.parse(query), ...filters };
  const [{ rows, ...page }, counts, named] = await Promise.all([
    listEmailAccounts(actor, params),
    countViews(actor, params.search, filters),
    nameFilters(actor, filters),
  ]);
  const isNarrowed = params.search !== "" || Object.values(filters).some(Boolean);
  const isSelectable = can(actor, "accounts:test");
  const isNew = rows.length === 0 && !isNarrowed;
  return (
    <Page
      title="Email Accounts"
      description="Mailboxes that your software uses to send and receive."
      actions={
        isNew ? undefined : (
          <Group gap="xs">
            <SearchField label="Search email accounts" />
            <LinkButton href={routes.testRuns} variant="default">
              Test runs
            </LinkButton>
            <LinkButton href={IMPORT} variant="default">
              Import
            </LinkButton>
          </Group>
        )
      }
      footer={
        <ListFooter
          page={{ ...page, ...placeOf(params), shown: rows.length }}
          hrefOf={(cursor) => listHref(PATH, params, cursor)}
          noun={{ one: "account", many: "accounts" }}
          add={<AddLink href={`${PATH}/new`} label="New Email Account" />}
        />
      }
    >
      <UnknownFilters unknown={unknown} noun="accounts" />
      {!isNew && <AccountFilters path={PATH} params={params} counts={counts} named={named} />}
      <AccountSelection
        key={JSON.stringify([params.search, filters])}
        search={params.search}
        filters={filters}
        total={page.total}
        isEmpty={rows.length === 0}
      >
        {rows.length === 0 ? (
          <NoAccounts isNew={isNew} search={params.search} />
        ) : (
          <EmailAccountTable rows={rows} params={params} path={PATH} isSelectable={isSelectable} />
        )}
      </AccountSelection>
    </Page>
  );
}

/** What the ids of an address are called; undefined where it was deleted. */
async function nameFilters(actor: Actor, { cloudProviderId, contactListId }: AccountFiltersInput) {
  const seesLists = can(actor, "contacts:read");
  const [provider, list] = await Promise.all([
    cloudProviderId ? findCloudProvider(actor, cloudProviderId) : null,
    contactListId && seesLists ? findContactList(actor, contactListId) : null,
  ]);
  return { providerName: provider?.name, listName: seesLists ? list?.name : "chosen" };
}

function NoAccounts({ isNew, search }: { isNew: boolean; search: string }) {
  if (!isNew)
    return (
      <NothingFound href={PATH} all="Show all accounts">
        {search
          ? `No account in this view has “${search}” in its name, key, address, user name or provider.`
          : "No account is in this view."}
      </NothingFound>
    );
  return (
    <EmptyState
      icon={<IconMail size={40} stroke={1.3} />}
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
