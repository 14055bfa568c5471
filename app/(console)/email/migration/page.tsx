import { Button, Group } from "@mantine/core";
import { IconDownload, IconShieldCheck } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { ListFooter, SectionPages } from "@/components/list-footer";
import { Page } from "@/components/page";
import { SearchField } from "@/components/search-field";
import { UnknownFilters } from "@/components/unknown-filters";
import { requireUser } from "@/lib/http/auth/session";
import { listHref, listParamsSchema, placeOf, readFilters } from "@/lib/kernel/paging/schema";
import { readTurn } from "@/lib/kernel/turns/schema";
import {
  countMigrationViews,
  getMigrationProgress,
  listMoved,
  listPasswordAccounts,
} from "@/lib/migration/queries";
import {
  MIGRATION_SORTS,
  type MigrationProgress,
  migrationFilterSchema,
} from "@/lib/migration/schema";
import { MigrationFilters } from "./migration-filters";
import { MigrationTable } from "./migration-table";
import { MovedAccounts } from "./moved-accounts";

export const metadata: Metadata = { title: "Migration" };

const PATH = "/email/migration";
const paramsSchema = listParamsSchema(MIGRATION_SORTS);

export default async function MigrationPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const parameters = await searchParams;
  const { filters, unknown } = readFilters(migrationFilterSchema, parameters);
  const params = { ...paramsSchema.parse(parameters), ...filters };
  const [{ rows, ...page }, counts, progress, moved] = await Promise.all([
    listPasswordAccounts(actor, params),
    countMigrationViews(actor, params.search, filters),
    getMigrationProgress(actor),
    listMoved(actor, readTurn(parameters, "moved")),
  ]);
  return (
    <Page
      title="Migration"
      description={summary(progress)}
      actions={
        progress.password > 0 && (
          <Group gap="xs">
            <SearchField label="Search accounts with a password" />
            <Button
              component="a"
              href="/api/migration"
              download
              variant="default"
              leftSection={<IconDownload size={16} />}
            >
              CSV
            </Button>
          </Group>
        )
      }
      footer={
        progress.password > 0 && (
          <ListFooter
            page={{ ...page, ...placeOf(params), shown: rows.length }}
            hrefOf={(cursor) => listHref(PATH, params, cursor)}
            noun={{ one: "account", many: "accounts" }}
          />
        )
      }
    >
      <UnknownFilters unknown={unknown} noun="accounts" />
      {progress.password > 0 && <MigrationFilters path={PATH} params={params} counts={counts} />}
      {rows.length > 0 ? (
        <MigrationTable rows={rows} params={params} path={PATH} />
      ) : (
        <Nothing isNew={progress.password === 0} search={params.search} />
      )}
      <MovedAccounts accounts={moved.rows} />
      <SectionPages
        list={moved}
        path={PATH}
        parameters={parameters}
        section="moved"
        noun={{ one: "account", many: "accounts" }}
      />
    </Page>
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

function Nothing({ isNew, search }: { isNew: boolean; search: string }) {
  if (!isNew)
    return (
      <NothingFound href={PATH} all="Show all accounts with a password">
        {search
          ? `No account in this view has “${search}” in its name, key, address or user name.`
          : "No account is in this view."}
      </NothingFound>
    );
  return (
    <EmptyState
      icon={<IconShieldCheck size={40} stroke={1.3} />}
      title="No account uses a password"
      action={
        <LinkButton href="/email/accounts" mt="md" variant="default">
          Open Email Accounts
        </LinkButton>
      }
    >
      Accounts still using passwords appear here with their cut-off dates.
    </EmptyState>
  );
}
