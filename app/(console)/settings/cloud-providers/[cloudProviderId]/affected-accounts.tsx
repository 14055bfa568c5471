import { Paper, Text } from "@mantine/core";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import type { ProviderUse } from "@/lib/registrations/schema";
import classes from "./affected-accounts.module.css";

type AffectedAccountsProps = { cloudProviderId: string; use: ProviderUse };

/** The accounts that use a registration: as many as fit by name, and how many in all. */
export function AffectedAccounts({ cloudProviderId, use }: AffectedAccountsProps) {
  const { accounts, accountCount } = use;
  if (accountCount === 0)
    return (
      <Text size="sm" c="dimmed">
        No email account uses this registration yet.
      </Text>
    );
  const more = accountCount - accounts.length;
  return (
    <Paper withBorder p="md" radius="md">
      <Text size="sm" mb="xs">
        {accountCount === 1 ? "One email account" : `${accountCount} email accounts`}
      </Text>
      <ul className={classes.list}>
        {accounts.map(({ id, name }) => (
          <li key={id}>
            <RowLink href={routes.emailAccount(id)}>{name}</RowLink>
          </li>
        ))}
        {more > 0 && (
          <li>
            <RowLink href={routes.accountsOfProvider(cloudProviderId)}>
              and {more.toLocaleString("en")} more
            </RowLink>
          </li>
        )}
      </ul>
    </Paper>
  );
}
