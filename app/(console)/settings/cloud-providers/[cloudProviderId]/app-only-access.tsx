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
  roles: string[];
};

export function AppOnlyAccess({ objectId, roles, ...of }: AppOnlyAccessProps) {
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
            <Script label="Exchange Online PowerShell" text={exchangeScript({ objectId, ...of })} />
            <Text>
              FullAccess is for IMAP and POP3, mailbox by mailbox. For Microsoft Graph, and for SMTP
              without a permission in Entra, limit the application to these mailboxes, and remove
              what the roles replace from its permissions in Entra: a permission there opens every
              mailbox.
            </Text>
            <Script
              label="Exchange Online PowerShell: roles limited to these mailboxes"
              text={limitScript({ roles, ...of })}
            />
            <Text size="xs" c="dimmed">
              Exchange takes up to two hours to know a change. A right that is given there alone
              stands in no token: the connection test proves it.
            </Text>
          </>
        )}
      </Stack>
    </Paper>
  );
}

type Named = { clientId: string; mailboxes: string[]; count: number };
type Granted = Named & { objectId: string };

function exchangeScript({ clientId, objectId, mailboxes, count }: Granted): string {
  const principal = quoted(objectId);
  return [
    "Connect-ExchangeOnline",
    `New-ServicePrincipal -AppId ${quoted(clientId)} -ObjectId ${principal} -DisplayName 'Postkey'`,
    ...mailboxes.map(
      (mailbox) =>
        `Add-MailboxPermission -Identity ${quoted(mailbox)} -User ${principal} -AccessRights FullAccess`,
    ),
    ...others({ mailboxes, count }, "add a line for each."),
  ].join("\n");
}

/** Microsoft, "Role Based Access Control for Applications in Exchange Online". */
function limitScript({ clientId, mailboxes, count, roles }: Named & { roles: string[] }): string {
  const app = quoted(clientId);
  // A filter doubles apostrophes of its own.
  const each = mailboxes.map((name) => `PrimarySmtpAddress -eq '${name.replaceAll("'", "''")}'`);
  return [
    ...others({ mailboxes, count }, "put all into a group, and filter by MemberOfGroup."),
    `New-ManagementScope -Name 'Postkey' -RecipientRestrictionFilter ${quoted(each.join(" -or "))}`,
    ...roles.map(
      (role) =>
        `New-ManagementRoleAssignment -App ${app} -Role 'Application ${role}' -CustomResourceScope 'Postkey'`,
    ),
    `Test-ServicePrincipalAuthorization -Identity ${app} -Resource ${quoted(mailboxes[0] ?? "")}`,
  ].join("\n");
}

function others({ mailboxes, count }: Pick<Named, "mailboxes" | "count">, what: string): string[] {
  const more = count - mailboxes.length;
  return more > 0 ? [`# ${counted(more, "more mailbox", "more mailboxes")}: ${what}`] : [];
}

/** PowerShell treats typographic quotes as plain ones, so they are doubled too. */
function quoted(value: string): string {
  return `'${value.replace(/\p{Cc}/gu, "").replace(/['\u2018-\u201b]/g, "$&$&")}'`;
}
