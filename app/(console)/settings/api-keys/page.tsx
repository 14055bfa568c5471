import { Group } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { InlineLink, LinkButton } from "@/components/links";
import { ListFilters } from "@/components/list-filters";
import { ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { SearchField } from "@/components/search-field";
import { UnknownFilters } from "@/components/unknown-filters";
import { countApiKeyViews, listApiKeys } from "@/lib/access/api-keys/queries";
import {
  API_KEY_SORTS,
  API_KEY_VIEW_LABELS,
  apiKeyFilterSchema,
} from "@/lib/access/api-keys/schema";
import { searchEmailAccounts } from "@/lib/email-accounts/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { listHref, listParamsSchema, placeOf, readFilters } from "@/lib/kernel/paging/schema";
import { ApiKeyTable } from "./api-key-table";
import { NewApiKeyButton } from "./new-api-key-button";

export const metadata: Metadata = { title: "API Keys" };

const PATH = "/settings/api-keys";
const paramsSchema = listParamsSchema(API_KEY_SORTS, { direction: "desc" });

export default async function ApiKeysPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUserOf("/settings/api-keys");
  const query = await searchParams;
  const { filters, unknown } = readFilters(apiKeyFilterSchema, query);
  const params = { ...paramsSchema.parse(query), ...filters };
  const [{ rows, ...page }, counts, accounts] = await Promise.all([
    listApiKeys(actor, params),
    countApiKeyViews(actor, params.search),
    searchEmailAccounts(actor, ""),
  ]);
  const isNarrowed = params.search !== "" || filters.view !== undefined;
  const isNew = rows.length === 0 && !isNarrowed;
  return (
    <Page
      title="API Keys"
      description={
        <>
          With a key, your mail software fetches access tokens by itself.{" "}
          <InlineLink href="/help/api">See how, in four languages</InlineLink>
        </>
      }
      actions={!isNew && <SearchField label="Search API keys" />}
      footer={
        <ListFooter
          page={{ ...page, ...placeOf(params), shown: rows.length }}
          hrefOf={(cursor) => listHref(PATH, params, cursor)}
          noun={{ one: "key", many: "keys" }}
          add={<NewApiKeyButton accounts={accounts} look="add" />}
        />
      }
    >
      <UnknownFilters unknown={unknown} noun="keys" />
      {!isNew && (
        <ListFilters path={PATH} params={params} counts={counts} labels={API_KEY_VIEW_LABELS} />
      )}
      {isNew && (
        <EmptyState
          icon={<IconKey size={40} stroke={1.3} />}
          title="No API keys yet"
          action={
            <Group justify="center" mt="md" gap="xs">
              <NewApiKeyButton accounts={accounts} look="button" />
              <LinkButton href="/help/api" variant="default">
                How programs use a key
              </LinkButton>
            </Group>
          }
        >
          A key is shown once, when you create it. Programs send it as a bearer token.
        </EmptyState>
      )}
      {!isNew && rows.length === 0 && (
        <NothingFound href={PATH} all="Show all keys">
          No key is in this view.
        </NothingFound>
      )}
      {rows.length > 0 && <ApiKeyTable keys={rows} params={params} path={PATH} />}
    </Page>
  );
}
