import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconDownload, IconShieldCheck } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { FilterSelect } from "@/components/filter-select";
import { SectionPages } from "@/components/list-footer";
import { ListPage } from "@/components/list-page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { requireUser } from "@/lib/http/auth/session";
import { readPosition } from "@/lib/kernel/sections/schema";
import { SERVICES } from "@/lib/mail/services/schema";
import { getMigrationProgress, listMoved, listPasswordAccounts } from "@/lib/migration/queries";
import type { MigrationProgress } from "@/lib/migration/schema";
import { type MovedAccount, UNDO_DAYS } from "@/lib/migration/schema";
import { Announcements, MigrationRow } from "./migration-rows";
import { UndoButton } from "./undo-button";

export const metadata: Metadata = { title: "Migration" };

const PATH = "/email/migration";

export default async function MigrationPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const parameters = await searchParams;
  const [list, progress, moved] = await Promise.all([
    listPasswordAccounts.open(actor, parameters),
    getMigrationProgress(actor),
    listMoved(actor, readPosition(parameters, "moved")),
  ]);
  const { search } = list.params;
  return (
    <ListPage
      list={list}
      path={PATH}
      title="Migration"
      description={summary(progress)}
      noun={{ one: "account", many: "accounts" }}
      search="Search accounts with a password"
      actions={progress.password > 0 && <Download />}
      filters={[
        <FilterSelect
          key="service"
          name="service"
          label="Service"
          all="All services"
          options={SERVICES.map((value) => ({ value, label: SERVICE_LABELS[value] }))}
        />,
      ]}
      empty={<NoPasswords />}
      {...(search && {
        nothing: `No account in this view has “${search}” in its name, key, address or user name.`,
      })}
      columns={[
        ["Name", "name"],
        ["Address", "address"],
        ["Service", "service"],
        "What happens to the password",
      ]}
      rows={(rows) => rows.map((row) => <MigrationRow key={row.id} row={row} />)}
      around={(content) => (
        <>
          <Announcements rows={list.rows} />
          {content}
        </>
      )}
      below={
        <>
          <MovedAccounts accounts={moved.rows} />
          <SectionPages
            list={moved}
            path={PATH}
            parameters={parameters}
            section="moved"
            noun={{ one: "account", many: "accounts" }}
          />
        </>
      }
    />
  );
}

function Download() {
  return (
    <Button
      component="a"
      href="/api/migration"
      download
      variant="default"
      leftSection={<IconDownload size={16} />}
    >
      CSV
    </Button>
  );
}

function summary({ modern, password }: MigrationProgress): string {
  const all = modern + password;
  if (all === 0) return "Accounts that still sign in with a password, and their cut-off dates.";
  if (password === 0)
    return all === 1
      ? "Your only account signs in without a password."
      : `All ${all.toLocaleString("en")} accounts sign in without a password.`;
  const still = `${password.toLocaleString("en")} of ${all.toLocaleString("en")} ${all === 1 ? "account" : "accounts"} still`;
  return `${still} ${password === 1 ? "signs" : "sign"} in with a password. What happens, and when:`;
}

function NoPasswords() {
  return (
    <EmptyState
      icon={IconShieldCheck}
      title="No account uses a password"
      link={{ href: "/email/accounts", label: "Open Email Accounts" }}
    >
      Accounts still using passwords appear here with their cut-off dates.
    </EmptyState>
  );
}

function MovedAccounts({ accounts }: { accounts: MovedAccount[] }) {
  if (accounts.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h5" mt="xl">
        Recently moved
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        You can move an account back for {UNDO_DAYS} days. Until then its password is kept
        encrypted; after that it is erased.
      </Text>
      <Paper withBorder p="md" radius="md">
        <Stack gap="sm">
          {accounts.map(({ id, name, provider, movedAt }) => (
            <Group key={id} justify="space-between" wrap="nowrap">
              <div>
                <RowLink href={routes.emailAccount(id)}>{name}</RowLink>
                <Text size="xs" c="dimmed">
                  {provider !== null && `to ${provider} `}
                  <RelativeTime at={movedAt} />
                </Text>
              </div>
              <UndoButton id={id} name={name} />
            </Group>
          ))}
        </Stack>
      </Paper>
    </section>
  );
}
