import { Group } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { ActButton, ActionButton, AddButton } from "@/components/acts";
import { ExpiryText } from "@/components/expiry-text";
import { InlineLink, LinkButton } from "@/components/links";
import { EmptyState, ListPage } from "@/components/list-page";
import { RelativeTime } from "@/components/relative-time";
import classes from "@/components/table.module.css";
import { searchEmailAccounts } from "@/lib/email-accounts/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { type ApiKeyRow, listApiKeys } from "@/lib/programs/queries";
import { revokeApiKeyAction } from "./actions";
import { NewApiKey } from "./new-api-key";

const PATH = "/settings/api-keys";

export default async function ApiKeysPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUserOf("/settings/api-keys");
  const [list, accounts] = await Promise.all([
    listApiKeys.open(actor, await searchParams),
    searchEmailAccounts(actor, ""),
  ]);
  const dialog = <NewApiKey accounts={accounts} />;
  return (
    <ListPage
      list={list}
      path={PATH}
      title="API Keys"
      description={
        <>
          With a key, your mail software fetches access tokens by itself.{" "}
          <InlineLink href="/help/api">See how, in four languages</InlineLink>
        </>
      }
      noun={{ one: "key", many: "keys" }}
      search="Search API keys"
      add={<AddButton label="New API key" dialog={dialog} />}
      empty={
        <EmptyState
          icon={IconKey}
          title="No API keys yet"
          action={
            <Group justify="center" mt="md" gap="xs">
              <ActButton label="Create an API key" dialog={dialog} />
              <LinkButton href="/help/api" variant="default">
                How programs use a key
              </LinkButton>
            </Group>
          }
        >
          A key is shown once, when you create it. Programs send it as a bearer token.
        </EmptyState>
      }
      columns={[
        ["Name", "name"],
        "Key",
        "Permissions",
        "Applies to",
        ["Last used", "lastUsed"],
        ["Created", "created"],
      ]}
      rows={(rows) => rows.map((key) => <Row key={key.id} apiKey={key} />)}
    />
  );
}

function Row({ apiKey: key }: { apiKey: ApiKeyRow }) {
  return (
    <tr>
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
      <td className={classes.action}>
        <ActionButton
          size="xs"
          aria-label={`Revoke ${key.name}`}
          label="Revoke"
          isDangerous
          confirm={{
            title: `Revoke ${key.name}?`,
            text: "Programs that use this key are refused from their next request.",
          }}
          action={revokeApiKeyAction.bind(null, { id: key.id })}
          done={`${key.name} was revoked.`}
        />
      </td>
    </tr>
  );
}

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
