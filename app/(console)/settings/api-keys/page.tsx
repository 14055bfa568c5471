import { IconKey } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { ExpiryText } from "@/components/expiry-text";
import { InlineLink } from "@/components/links";
import { ListFilters } from "@/components/list-filters";
import { ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { SearchField } from "@/components/search-field";
import { SortHeader } from "@/components/sort-header";
import classes from "@/components/table.module.css";
import { UnknownFilters } from "@/components/unknown-filters";
import { countApiKeyViews, listApiKeys } from "@/lib/access/api-keys/queries";
import {
  API_KEY_SORTS,
  API_KEY_VIEW_LABELS,
  type ApiKeyRow,
  type ApiKeySort,
  apiKeyFilterSchema,
} from "@/lib/access/api-keys/schema";
import { searchEmailAccounts } from "@/lib/email-accounts/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import {
  type ListParams,
  listHref,
  listParamsSchema,
  placeOf,
  readFilters,
  sortLink,
} from "@/lib/kernel/paging/schema";
import { NewApiKeyButton } from "./new-api-key-button";
import { RevokeApiKeyButton } from "./revoke-api-key-button";

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
          add={<NewApiKeyButton accounts={accounts} />}
        />
      }
    >
      <UnknownFilters unknown={unknown} noun="keys" />
      {!isNew && (
        <ListFilters path={PATH} params={params} counts={counts} labels={API_KEY_VIEW_LABELS} />
      )}
      {isNew && (
        <EmptyState icon={<IconKey size={40} stroke={1.3} />} title="No API keys">
          A key is shown once, when you create it. Programs send it as a bearer token.
        </EmptyState>
      )}
      {!isNew && rows.length === 0 && (
        <NothingFound href={PATH} all="Show all keys">
          No key is in this view.
        </NothingFound>
      )}
      {rows.length > 0 && <KeyTable keys={rows} params={params} />}
    </Page>
  );
}

type KeyTableProps = { keys: ApiKeyRow[]; params: ListParams<ApiKeySort> };

function KeyTable({ keys, params }: KeyTableProps) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <SortHeader label="Name" {...sortLink(PATH, params, "name")} />
            <SortHeader label="Key" {...sortLink(PATH, params, "key")} />
            <SortHeader label="Permissions" {...sortLink(PATH, params, "permissions")} />
            <SortHeader label="Applies to" {...sortLink(PATH, params, "accounts")} />
            <SortHeader label="Last used" {...sortLink(PATH, params, "lastUsed")} />
            <SortHeader label="Created" {...sortLink(PATH, params, "created")} />
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <td>
                <span className={classes.name}>{key.name}</span>
              </td>
              <td data-label="Key" className={classes.fit}>
                <span className={classes.code}>…{key.hint}</span>
              </td>
              <td data-label="Permissions">{key.permissionsText}</td>
              <td data-label="Applies to">
                <span>
                  {key.accounts ?? "all accounts"}
                  <Limits apiKey={key} />
                </span>
              </td>
              <td data-label="Last used" className={classes.fit}>
                {key.lastUsedAt ? <RelativeTime at={key.lastUsedAt} /> : "never"}
              </td>
              <td data-label="Created">
                <span>
                  <RelativeTime at={key.createdAt} /> by {key.createdByName}
                  {key.makerNote && ` (${key.makerNote})`}
                </span>
              </td>
              <td>
                <RevokeApiKeyButton id={key.id} name={key.name} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where from, how often and until when, where that is limited. */
function Limits({ apiKey }: { apiKey: ApiKeyRow }) {
  const { addresses, requestsPerMinute, expiresAt } = apiKey;
  const limits = [
    ...(addresses.length > 0 ? [`from ${addresses.join(", ")}`] : []),
    ...(requestsPerMinute === null ? [] : [`${requestsPerMinute} per minute`]),
  ];
  if (limits.length === 0 && !expiresAt) return null;
  return (
    <span className={classes.second}>
      {limits.join(" · ")}
      {limits.length > 0 && expiresAt && " · "}
      {expiresAt && "ends "}
      {expiresAt && <ExpiryText at={expiresAt} />}
    </span>
  );
}
