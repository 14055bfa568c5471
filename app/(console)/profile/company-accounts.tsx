"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { ActButton } from "@/components/act-button";
import { act } from "@/components/acts";
import { goToCompany } from "@/components/go-to-company";
import { RelativeTime } from "@/components/relative-time";
import { Table } from "@/components/table";
import { useAction } from "@/components/use-action";
import type { IdentityRow } from "@/lib/people/company/queries";
import type { CompanyButton } from "@/lib/people/company/schema";
import { requireProofAction } from "../proof-actions";
import { unlinkIdentityAction } from "./actions";

type CompanyAccountsProps = { identities: IdentityRow[]; companies: CompanyButton[] };

export function CompanyAccounts({ identities, companies }: CompanyAccountsProps) {
  const [busy, setBusy] = useState<string | null>(null);
  const { run } = useAction();
  const add = (slug: string) =>
    run(
      () => requireProofAction({}),
      () => {
        setBusy(slug);
        goToCompany(slug, { purpose: "link", callbackUrl: "/profile" }).catch(() => setBusy(null));
      },
    );
  return (
    <Stack gap="sm">
      {identities.length === 0 ? (
        <Text>
          Add your company account to sign in with it. Your role may then follow from your groups
          there.
        </Text>
      ) : (
        <IdentityTable identities={identities} />
      )}
      <Group gap="xs">
        {companies.map(({ slug, name }) => (
          <Button key={slug} variant="default" loading={busy === slug} onClick={() => add(slug)}>
            {identities.some(({ companyName }) => companyName === name)
              ? `Add another account at ${name}`
              : `Add ${name}`}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}

function IdentityTable({ identities }: { identities: IdentityRow[] }) {
  return (
    <Table columns={["Company", "Account", "Last sign-in"]} hasActions>
      {identities.map((row) => (
        <tr key={row.id}>
          <td>{row.companyName}</td>
          <td data-label="Account">{row.username}</td>
          <td data-label="Last sign-in">
            {row.lastSignInAt ? <RelativeTime at={row.lastSignInAt} /> : "Never"}
          </td>
          <td>{row.decidesRole ? <Text>Decides your role</Text> : <RemoveButton {...row} />}</td>
        </tr>
      ))}
    </Table>
  );
}

function RemoveButton({ id, username, companyName }: IdentityRow) {
  return (
    <ActButton
      size="xs"
      aria-label={`Remove ${username} at ${companyName}`}
      label="Remove"
      run={act(() => unlinkIdentityAction({ id }), `${username} was removed.`)}
    />
  );
}
