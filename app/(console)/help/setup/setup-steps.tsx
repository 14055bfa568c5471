import { List, Text } from "@mantine/core";
import { CopyField } from "@/components/copy-field";
import { APPLICATION_PERMISSIONS, DELEGATED_PERMISSIONS } from "./registration-scripts";
import type { MicrosoftWay } from "./setup-params";
import { ConsoleLink, Step } from "./step";

type SetupStepsProps = { way: MicrosoftWay; portal: string; redirectUri: string };

export function SetupSteps({ way, portal, redirectUri }: SetupStepsProps) {
  const registrations = `${portal}/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade`;
  return (
    <List type="ordered" spacing="lg">
      <Step title="Register the application">
        <Text size="sm" c="dimmed">
          As an administrator of the tenant open{" "}
          <ConsoleLink href={registrations}>App registrations</ConsoleLink> and choose New
          registration. Name it Postkey, and under Redirect URI choose the platform Web and paste:
        </Text>
        <CopyField label="Redirect URI" value={redirectUri} />
      </Step>
      {way === "delegated" ? <DelegatedPermissions /> : <ApplicationPermissions />}
      <Step title="Create a client secret">
        <Text size="sm" c="dimmed">
          Certificates &amp; secrets → New client secret. Copy the column Value now: it is shown
          only once. You don't need the Secret ID beside it.
        </Text>
      </Step>
      <Step title="Copy the two ids">
        <Text size="sm" c="dimmed">
          On the overview: Application (client) ID and Directory (tenant) ID.
        </Text>
      </Step>
      <Step title="Enter everything in Postkey">
        <Text size="sm" c="dimmed">
          Settings → Cloud Providers → the + button. {AFTERWARDS[way]}
        </Text>
      </Step>
    </List>
  );
}

const AFTERWARDS = {
  delegated:
    "Then Authenticate from the row's menu, and sign in with the mailbox's own address, or as someone with access to a shared mailbox.",
  app_only: "Then connect the application from the row's menu. No one has to sign in.",
} as const;

function DelegatedPermissions() {
  return (
    <Step title="Add the permissions">
      <Text size="sm" c="dimmed">
        API permissions → Add a permission → Microsoft Graph → Delegated permissions. Then Grant
        admin consent, or let each mailbox agree when it signs in.
      </Text>
      <CopyField label="Delegated permissions" value={DELEGATED_PERMISSIONS} />
    </Step>
  );
}

function ApplicationPermissions() {
  return (
    <>
      <Step title="Add the permissions">
        <Text size="sm" c="dimmed">
          API permissions → Add a permission → APIs my organization uses → Office 365 Exchange
          Online → Application permissions. Then Grant admin consent: only an administrator can
          agree.
        </Text>
        <CopyField label="Application permissions" value={APPLICATION_PERMISSIONS} />
      </Step>
      <Step title="Make the application known to Exchange">
        <Text size="sm" c="dimmed">
          Use the object id of the Enterprise application, not that of the app registration: a wrong
          id shows up only as a failed sign-in. The script for Exchange Online PowerShell is below.
          It decides which mailboxes one credential opens.
        </Text>
      </Step>
    </>
  );
}
