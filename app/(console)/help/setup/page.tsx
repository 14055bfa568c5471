import { Alert, Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { Metadata } from "next";
import { requireUser } from "@/lib/http/auth/session";
import { DEFAULT_SECRET_MONTHS, isoDay } from "@/lib/registrations/credentials/schema";
import { findTenantId } from "@/lib/registrations/find-tenant";
import { listClouds } from "@/lib/registrations/queries";
import { redirectUri } from "@/lib/registrations/redirect-uri";
import { GuidePage, GuideSection, GuideSteps } from "./guide";
import { GuideChoices } from "./guide-choices";
import { microsoftSteps } from "./microsoft-steps";
import { isMicrosoftCloud, mailboxScript, registrationScripts } from "./registration-scripts";
import { Script, ScriptTabs } from "./script-tabs";
import { MICROSOFT_WAYS, type SetupParams, setupParamsSchema } from "./setup-params";

export const metadata: Metadata = { title: "Setup guide" };

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
        <Text size="sm" role="status">
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
      <Text size="sm" c="dimmed">
        It registers the application with redirect URI, permissions, consent and a secret for six
        months, and prints the three values.{" "}
        {tenantId === null && "Enter your tenant above: contoso.onmicrosoft.com is an example."}
      </Text>
      <ScriptTabs scripts={scripts} />
    </Stack>
  );
}
