import { IconKey } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import classes from "@/components/table.module.css";
import { listApiKeys } from "@/lib/api-keys/queries";
import type { ApiKeyRow } from "@/lib/api-keys/schema";
import { requireUser } from "@/lib/auth/session";
import { NewApiKeyButton } from "./new-api-key-button";
import { RevokeApiKeyButton } from "./revoke-api-key-button";

export const metadata: Metadata = { title: "API Keys" };

export default async function ApiKeysPage() {
  const keys = await listApiKeys(await requireUser());
  return (
    <Page
      title="API Keys"
      description="With a key, your mail software fetches access tokens by itself."
      actions={keys.length > 0 ? <NewApiKeyButton /> : undefined}
    >
      {keys.length === 0 ? (
        <EmptyState
          icon={<IconKey size={40} stroke={1.3} />}
          title="No API keys"
          action={<NewApiKeyButton />}
        >
          A key is shown once, when it is made. Programs send it as a bearer token.
        </EmptyState>
      ) : (
        <KeyTable keys={keys} />
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
            <th>May</th>
            <th>Made</th>
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
              <td data-label="May">{key.permissions.join(", ")}</td>
              <td data-label="Made">
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
