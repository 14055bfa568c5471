import { Alert, Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { z } from "zod";
import { Script } from "@/components/script";
import { requireUser } from "@/lib/http/auth/session";
import type { Grant } from "@/lib/oauth/schema";
import { DEFAULT_SECRET_MONTHS, isoDay } from "@/lib/registrations/credentials/schema";
import { listClouds } from "@/lib/registrations/queries";
import { findTenantId } from "@/lib/registrations/read-registration";
import { redirectUri } from "@/lib/registrations/redirect-uri";
import {
  GuideChoices,
  GuidePage,
  GuideSection,
  type GuideStep,
  GuideSteps,
  ScriptTabs,
} from "./guide";
import {
  APPLICATION_PERMISSIONS,
  DELEGATED_PERMISSIONS,
  isMicrosoftCloud,
  mailboxScript,
  registrationScripts,
} from "./registration-scripts";

export default async function SetupPage({ searchParams }: PageProps<"/help/setup">) {
  const actor = await requireUser();
  const params = setupParamsSchema.parse(await searchParams);
  const clouds = listClouds(actor).filter(({ service }) => service === "microsoft_azure");
  const cloud = clouds.find(({ id }) => id === params.cloud) ?? clouds[0];
  if (!cloud) throw new Error("No cloud is configured.");
  const { tenant } = params;
  const found = tenant ? await findTenantId(actor, { cloud: cloud.id, tenant }) : null;
  const chosen = { ...params, cloud: cloud.id };
  const tenantId = found?.tenantId ?? null;
  return (
    <GuidePage brand="Microsoft">
      <GuideChoices
        action="/help/setup"
        way={params.way}
        ways={MICROSOFT_WAYS}
        place={{ cloud: cloud.id, clouds, tenant, problem: found?.problem ?? null }}
      />
      {tenantId && tenantId !== tenant && (
        <Text role="status">
          {tenant} is the tenant <b>{tenantId}</b> in {cloud.label}.
        </Text>
      )}
      <GuideSection title="By hand">
        <GuideSteps
          steps={microsoftSteps({
            way: params.way,
            portal: cloud.portal,
            redirectUri: redirectUri("microsoft_azure"),
          })}
        />
      </GuideSection>
      <GuideSection title="Or run one script">
        <Scripts params={chosen} tenantId={tenantId} />
      </GuideSection>
      {params.way === "app_only" && (
        <GuideSection title="For each mailbox">
          <Script label="Exchange Online PowerShell" text={mailboxScript()} />
        </GuideSection>
      )}
    </GuidePage>
  );
}

function Scripts({ params, tenantId }: { params: SetupParams; tenantId: string | null }) {
  const { cloud, way } = params;
  if (!isMicrosoftCloud(cloud))
    return (
      <Alert color="indigo" icon={<IconInfoCircle size={18} />}>
        The scripts are for Microsoft's own clouds. The sandbox already has the application. It
        printed the values when it started, and shows them on its own page.
      </Alert>
    );
  const scripts = registrationScripts({
    tenant: tenantId ?? "contoso.onmicrosoft.com",
    cloud,
    grant: way,
    redirectUri: redirectUri("microsoft_azure"),
    secretExpiresOn: isoDay(DEFAULT_SECRET_MONTHS),
  });
  return (
    <Stack gap="xs">
      <Text c="dimmed">
        It registers the application with redirect URI, permissions, consent and a secret for six
        months, and prints the three values.{" "}
        {tenantId === null && "Enter your tenant above: contoso.onmicrosoft.com is an example."}
      </Text>
      <ScriptTabs scripts={scripts} />
    </Stack>
  );
}

type Guided = { way: MicrosoftWay; portal: string; redirectUri: string };

function microsoftSteps({ way, portal, redirectUri }: Guided): GuideStep[] {
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
      text: "API permissions → Add a permission → Microsoft Graph → Delegated permissions. Then Grant admin consent, or let each mailbox agree when it signs in. Where accounts use Microsoft Graph, add Mail.Send to send and Mail.ReadBasic to read, and for shared mailboxes Mail.Send.Shared and Mail.ReadBasic.Shared.",
      copied: { label: "Delegated permissions", value: DELEGATED_PERMISSIONS },
    },
  ],
  app_only: [
    {
      title: "Add the permissions",
      text: "API permissions → Add a permission → APIs my organization uses → Office 365 Exchange Online → Application permissions. Then Grant admin consent: only an administrator can agree. Don't add Mail.Send or Mail.ReadBasic of Microsoft Graph for accounts that use it: in Entra they open every mailbox. The page of the cloud provider prints the roles in Exchange Online that don't.",
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
  app_only:
    "Then connect the application from the row's menu. No one has to sign in. Its page prints the commands that limit it to the mailboxes of its accounts, and can watch one that must stay closed.",
} as const;

const MICROSOFT_WAYS = ["delegated", "app_only"] as const satisfies readonly Grant[];

type MicrosoftWay = (typeof MICROSOFT_WAYS)[number];

/** Invalid parameters fall back to the usual. */
const setupParamsSchema = z.object({
  way: z.enum(MICROSOFT_WAYS).catch("delegated"),
  cloud: z.string().max(32).catch(""),
  tenant: z.string().max(1_024).catch(""),
});

type SetupParams = z.output<typeof setupParamsSchema>;
