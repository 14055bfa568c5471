import { Alert, Paper, Stack, Text } from "@mantine/core";
import { IconShieldExclamation } from "@tabler/icons-react";
import { Script } from "@/components/script";
import { counted } from "@/lib/kernel/text/schema";

type AppOnlyAccessProps = {
  clientId: string;
  /** From its token; null before it was connected. */
  objectId: string | null;
  mailboxes: string[];
  count: number;
};

export function AppOnlyAccess({ clientId, objectId, mailboxes, count }: AppOnlyAccessProps) {
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        <Alert color="yellow" icon={<IconShieldExclamation size={18} />}>
          One credential opens every mailbox granted below. Grant only those you need, and prefer a
          certificate or a federated token over a secret.
        </Alert>
        <Text component="ol" m={0} pl="lg">
          <li>
            Add the application permissions IMAP.AccessAsApp, POP.AccessAsApp and SMTP.SendAsApp of
            Office 365 Exchange Online to the app registration, and grant admin consent.
          </li>
          <li>
            Connect the application.{" "}
            {objectId === null
              ? "The commands for Exchange then appear here, filled in."
              : "The object id of the Enterprise application, read from its token, is filled in below. The object id of the app registration is a different one and does not work."}
          </li>
          {objectId !== null && (
            <li>Register it in Exchange Online and grant it the mailboxes of its accounts:</li>
          )}
        </Text>
        {objectId !== null && (
          <>
            <Script
              label="Exchange Online PowerShell"
              text={exchangeScript({ clientId, objectId, mailboxes, count })}
            />
            <Text size="xs" c="dimmed">
              A new permission can take up to an hour to reach Exchange.
            </Text>
          </>
        )}
      </Stack>
    </Paper>
  );
}

type Granted = { clientId: string; objectId: string; mailboxes: string[]; count: number };

function exchangeScript({ clientId, objectId, mailboxes, count }: Granted): string {
  const principal = quoted(objectId);
  return [
    "Connect-ExchangeOnline",
    `New-ServicePrincipal -AppId ${quoted(clientId)} -ObjectId ${principal} -DisplayName 'Postkey'`,
    ...mailboxes.map(
      (mailbox) =>
        `Add-MailboxPermission -Identity ${quoted(mailbox)} -User ${principal} -AccessRights FullAccess`,
    ),
    ...(count > mailboxes.length
      ? [
          `# ${counted(count - mailboxes.length, "more mailbox", "more mailboxes")}: add a line for each.`,
        ]
      : []),
  ].join("\n");
}

/** PowerShell treats typographic quotes as plain ones, so they are doubled too. */
function quoted(value: string): string {
  return `'${value.replace(/\p{Cc}/gu, "").replace(/['\u2018-\u201b]/g, "$&$&")}'`;
}
