import type { GuideStep } from "./guide";
import { APPLICATION_PERMISSIONS, DELEGATED_PERMISSIONS } from "./registration-scripts";
import type { MicrosoftWay } from "./setup-params";

type Guided = { way: MicrosoftWay; portal: string; redirectUri: string };

export function microsoftSteps({ way, portal, redirectUri }: Guided): GuideStep[] {
  const registrations = `${portal}/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade`;
  return [
    {
      title: "Register the application",
      text: `As an administrator of the tenant open [App registrations](${registrations}) and choose New registration. Name it Postkey, and under Redirect URI choose the platform Web and paste:`,
      copied: { label: "Redirect URI", value: redirectUri },
    },
    ...PERMISSIONS[way],
    {
      title: "Create a client secret",
      text: "Certificates & secrets → New client secret. Copy the column Value now: it is shown only once. You don't need the Secret ID beside it.",
    },
    {
      title: "Copy the two ids",
      text: "On the overview: Application (client) ID and Directory (tenant) ID.",
    },
    {
      title: "Enter everything in Postkey",
      text: `Settings → Cloud Providers → the + button. ${AFTERWARDS[way]}`,
    },
  ];
}

const PERMISSIONS: Readonly<Record<MicrosoftWay, readonly GuideStep[]>> = {
  delegated: [
    {
      title: "Add the permissions",
      text: "API permissions → Add a permission → Microsoft Graph → Delegated permissions. Then Grant admin consent, or let each mailbox agree when it signs in.",
      copied: { label: "Delegated permissions", value: DELEGATED_PERMISSIONS },
    },
  ],
  app_only: [
    {
      title: "Add the permissions",
      text: "API permissions → Add a permission → APIs my organization uses → Office 365 Exchange Online → Application permissions. Then Grant admin consent: only an administrator can agree.",
      copied: { label: "Application permissions", value: APPLICATION_PERMISSIONS },
    },
    {
      title: "Make the application known to Exchange",
      text: "Use the object id of the Enterprise application, not that of the app registration: a wrong id shows up only as a failed sign-in. The script for Exchange Online PowerShell is below. It decides which mailboxes one credential opens.",
    },
  ],
};

const AFTERWARDS = {
  delegated:
    "Then Authenticate from the row's menu, and sign in with the mailbox's own address, or as someone with access to a shared mailbox.",
  app_only: "Then connect the application from the row's menu. No one has to sign in.",
} as const;
