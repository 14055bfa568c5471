import { Group } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { AddLink } from "@/components/list-footer";
import { ListPage } from "@/components/list-page";
import { routes } from "@/components/routes";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { requireUser } from "@/lib/http/auth/session";
import { can } from "@/lib/kernel/actor";
import { ACCOUNT_FILTERS, chosenFilters } from "../account-filters";
import { AccountSelection } from "../account-selection";
import { EmailAccountRows } from "../email-account-rows";
import { toShown } from "../shown-account";

export const metadata: Metadata = { title: "Email Accounts" };

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
      actions={<Actions />}
      add={<AddLink href={`${PATH}/new`} label="New Email Account" />}
      filters={ACCOUNT_FILTERS}
      chosen={await chosenFilters(actor, filters)}
      always={["attention"]}
      empty={<NoAccounts />}
      {...(search && {
        nothing: `No account in this view has “${search}” in its name, key, address, user name or provider.`,
      })}
      columns={[
        ["Name", "name"],
        ["Key", "key"],
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
