import { Alert, Paper, Stack, Text } from "@mantine/core";
import { IconShieldExclamation } from "@tabler/icons-react";
import { Script } from "@/components/script";
import { counted, listed } from "@/lib/kernel/text/schema";
import { grantedAtGraph, isAtGraph, reachOf } from "@/lib/oauth/application-reach";
import type { PermissionState } from "@/lib/oauth/service";

type AppOnlyAccessProps = {
  name: string;
  clientId: string;
  /** From its token; null before it was connected. */
  objectId: string | null;
  permissions: readonly PermissionState[];
  mailboxes: { mailbox: string; isByGraph: boolean }[];
  count: number;
  roles: string[];
};

export function AppOnlyAccess({ objectId, ...of }: AppOnlyAccessProps) {
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        {objectId !== null && (
          <>
            <Text fw={600}>What it can open</Text>
            <Text component="ul" m={0} pl="lg">
              {reachOf(of.permissions).map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </Text>
          </>
        )}
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
            {objectId !== null &&
              "The object id of the Enterprise application, read from its token, is filled in below. The object id of the app registration does not work."}
          </li>
          <li>
            Add the email accounts that use it.{" "}
            {(objectId === null || of.count === 0) &&
              "The commands for Exchange then appear here, filled in."}
          </li>
        </Text>
        {objectId !== null && of.count > 0 && <Scripts objectId={objectId} {...of} />}
      </Stack>
    </Paper>
  );
}

type Granted = AppOnlyAccessProps & { objectId: string };

function Scripts(granted: Granted) {
  const { roles, permissions } = granted;
  const inEntra = new Set([...grantedAtGraph(permissions), ...roles.filter(isAtGraph)]);
  return (
    <>
      <Text component="ol" start={4} m={0} pl="lg">
        <li>
          Register the application in Exchange Online, and give it the mailboxes that it opens over
          IMAP, POP3 and SMTP:
        </li>
      </Text>
      <Script label="Exchange Online PowerShell" text={exchangeScript(granted)} />
      <Text component="ol" start={5} m={0} pl="lg">
        <li>
          Limit it to these mailboxes by roles of Exchange Online. Microsoft Graph needs them. For
          SMTP they replace SMTP.SendAsApp in Entra.
        </li>
      </Text>
      <Script label="Exchange Online PowerShell: roles" text={limitScript(granted)} />
      <Text component="ol" start={6} m={0} pl="lg">
        <li>
          Wait up to two hours, until Exchange applies the roles, and test the accounts.
          {inEntra.size > 0 &&
            ` Then revoke ${listed([...inEntra])} in Entra, under Enterprise applications → Permissions: there they open every mailbox. Press Connect again for tokens without them.`}
        </li>
      </Text>
      <Text size="xs" c="dimmed">
        A right that is given only in Exchange is not named in the token. Run a connection test to
        see that it works.
      </Text>
    </>
  );
}

function exchangeScript({ clientId, objectId, mailboxes, count }: Granted): string {
  const principal = quoted(objectId);
  const opened = mailboxes.filter(({ isByGraph }) => !isByGraph);
  return [
    "Connect-ExchangeOnline",
    "# Once:",
    `New-ServicePrincipal -AppId ${quoted(clientId)} -ObjectId ${principal} -DisplayName 'Postkey'`,
    "# For each mailbox:",
    ...opened.map(
      ({ mailbox }) =>
        `Add-MailboxPermission -Identity ${quoted(mailbox)} -User ${principal} -AccessRights FullAccess`,
    ),
    ...others(count - mailboxes.length, "add a line for each."),
  ].join("\n");
}

/** Microsoft, "Role Based Access Control for Applications in Exchange Online". */
function limitScript({ name, clientId, mailboxes, count, roles }: Granted): string {
  const app = quoted(clientId);
  const scope = quoted(`Postkey ${name}`);
  // A filter doubles apostrophes of its own.
  const each = mailboxes.map(
    ({ mailbox }) => `PrimarySmtpAddress -eq '${mailbox.replaceAll("'", "''")}'`,
  );
  const filter = `-RecipientRestrictionFilter ${quoted(each.join(" -or "))}`;
  return [
    ...others(count - mailboxes.length, "put all into a group, and filter by MemberOfGroup."),
    "# Once:",
    `New-ManagementScope -Name ${scope} ${filter}`,
    ...roles.map(
      (role) =>
        `New-ManagementRoleAssignment -App ${app} -Role 'Application ${role}' -CustomResourceScope ${scope}`,
    ),
    "# When accounts are added or removed, instead:",
    `# Set-ManagementScope -Identity ${scope} ${filter}`,
    ...mailboxes.map(
      ({ mailbox }) =>
        `Test-ServicePrincipalAuthorization -Identity ${app} -Resource ${quoted(mailbox)}`,
    ),
    "# Where an Application Access Policy limited it: last, once Entra grants nothing more.",
    `# Get-ApplicationAccessPolicy | Where-Object AppId -eq ${app} | ForEach-Object { Remove-ApplicationAccessPolicy -Identity $_.Identity }`,
  ].join("\n");
}

function others(more: number, what: string): string[] {
  return more > 0 ? [`# ${counted(more, "more mailbox", "more mailboxes")}: ${what}`] : [];
}

/** PowerShell treats typographic quotes as plain ones, so they are doubled too. */
function quoted(value: string): string {
  return `'${value.replace(/\p{Cc}/gu, "").replace(/['\u2018-\u201b]/g, "$&$&")}'`;
}
