import { Table, TableTbody, TableTd, TableTh, TableThead, TableTr, Text } from "@mantine/core";
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
      <Table verticalSpacing="sm" horizontalSpacing="md">
        <TableThead>
          <TableTr>
            <TableTh>Name</TableTh>
            <TableTh>Key</TableTh>
            <TableTh>May</TableTh>
            <TableTh>Made</TableTh>
            <TableTh aria-label="Actions" />
          </TableTr>
        </TableThead>
        <TableTbody>
          {keys.map((key) => (
            <TableTr key={key.id}>
              <TableTd>
                <Text size="sm" fw={600}>
                  {key.name}
                </Text>
              </TableTd>
              <TableTd data-label="Key">
                <Text size="sm" ff="monospace">
                  …{key.hint}
                </Text>
              </TableTd>
              <TableTd data-label="May">{key.permissions.join(", ")}</TableTd>
              <TableTd data-label="Made">
                <Text size="sm">
                  <RelativeTime at={key.createdAt} /> by {key.createdByName}
                </Text>
              </TableTd>
              <TableTd>
                <RevokeApiKeyButton id={key.id} name={key.name} />
              </TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </div>
  );
}
