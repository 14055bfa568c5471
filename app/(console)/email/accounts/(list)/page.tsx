import { IconMail } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { AddLink, ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { SearchField } from "@/components/search-field";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { EMAIL_ACCOUNT_SORTS } from "@/lib/email-accounts/schema";
import { requireUser } from "@/lib/http/auth/session";
import { listHref, listParamsSchema } from "@/lib/kernel/paging/schema";
import { EmailAccountTable } from "../email-account-table";
import { TestMany } from "../test-many";

export const metadata: Metadata = { title: "Email Accounts" };

const PATH = "/email/accounts";
const paramsSchema = listParamsSchema(EMAIL_ACCOUNT_SORTS);

export default async function EmailAccountsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const params = paramsSchema.parse(await searchParams);
  const { rows, ...page } = await listEmailAccounts(actor, params);
  const isEmpty = rows.length === 0;
  const isNew = isEmpty && params.search === "";
  return (
    <Page
      title="Email Accounts"
      description="Mailboxes that your software uses to send and receive."
      actions={isNew ? undefined : <SearchField label="Search email accounts" />}
      footer={
        <ListFooter
          page={{ ...page, shown: rows.length }}
          hrefOf={(cursor) => listHref(PATH, params, cursor)}
          noun={{ one: "account", many: "accounts" }}
          add={<AddLink href={`${PATH}/new`} label="New Email Account" />}
        />
      }
    >
      {isEmpty ? (
        <NoAccounts search={params.search} />
      ) : (
        <TestMany key={JSON.stringify(params)} search={params.search} total={page.total}>
          <EmailAccountTable rows={rows} params={params} path={PATH} />
        </TestMany>
      )}
    </Page>
  );
}

function NoAccounts({ search }: { search: string }) {
  const icon = <IconMail size={40} stroke={1.3} />;
  if (search)
    return (
      <EmptyState icon={icon} title="Nothing found">
        No email account has “{search}” in its name, key, address or user name.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={icon}
      title="Add your first email account"
      action={
        <LinkButton href={`${PATH}/new`} mt="md">
          New Email Account
        </LinkButton>
      }
    >
      Bind a mailbox to a cloud provider, then test IMAP, SMTP and POP3 with one click.
    </EmptyState>
  );
}
