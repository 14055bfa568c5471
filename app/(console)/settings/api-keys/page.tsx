import { IconKey } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { ExpiryText } from "@/components/expiry-text";
import { InlineLink } from "@/components/links";
import { AddBar, SectionPages } from "@/components/list-footer";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import classes from "@/components/table.module.css";
import { listApiKeys } from "@/lib/access/api-keys/queries";
import type { ApiKeyRow } from "@/lib/access/api-keys/schema";
import { searchEmailAccounts } from "@/lib/email-accounts/queries";
import { requireUser } from "@/lib/http/auth/session";
import { readTurn } from "@/lib/kernel/turns/schema";
import { NewApiKeyButton } from "./new-api-key-button";
import { RevokeApiKeyButton } from "./revoke-api-key-button";

export const metadata: Metadata = { title: "API Keys" };

const PATH = "/settings/api-keys";

export default async function ApiKeysPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const parameters = await searchParams;
  const [keys, accounts] = await Promise.all([
    listApiKeys(actor, readTurn(parameters, "keys")),
    searchEmailAccounts(actor, ""),
  ]);
  return (
    <Page
      title="API Keys"
      description={
        <>
          With a key, your mail software fetches access tokens by itself.{" "}
          <InlineLink href="/help/api">See how, in four languages</InlineLink>
        </>
      }
      // Always in its place: the key that is shown once must not go when the list is no longer empty.
      footer={
        <AddBar>
          <NewApiKeyButton accounts={accounts} />
        </AddBar>
      }
    >
      {keys.rows.length === 0 ? (
        <EmptyState icon={<IconKey size={40} stroke={1.3} />} title="No API keys">
          A key is shown once, when you create it. Programs send it as a bearer token.
        </EmptyState>
      ) : (
        <>
          <KeyTable keys={keys.rows} />
          <SectionPages
            list={keys}
            path={PATH}
            parameters={parameters}
            section="keys"
            noun={{ one: "key", many: "keys" }}
          />
        </>
      )}
    </Page>
  );
}

function KeyTable({ keys }: { keys: ApiKeyRow[] }) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <th>Name</th>
            <th>Key</th>
            <th>Permissions</th>
            <th>Applies to</th>
            <th>Last used</th>
            <th>Created</th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <td>
                <span className={classes.name}>{key.name}</span>
              </td>
              <td data-label="Key">
                <span className={classes.code}>…{key.hint}</span>
              </td>
              <td data-label="Permissions">{key.permissions.join(", ")}</td>
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
