import { Group, Stack } from "@mantine/core";
import type { Metadata } from "next";
import { LinkButton } from "@/components/links";
import { Page } from "@/components/page";
import { requireUser } from "@/lib/http/auth/session";
import { listClouds } from "@/lib/registrations/queries";
import { redirectUri } from "@/lib/registrations/redirect-uri";
import { PlatformLinks } from "../platform-links";
import { Script } from "../script-tabs";
import { Section } from "../section";
import { googleSetupParamsSchema } from "../setup-params";
import { GoogleChoices } from "./google-choices";
import { OAuthClientSteps, ServiceAccountSteps } from "./google-steps";

export const metadata: Metadata = { title: "Setup guide for Google" };

export default async function GoogleSetupPage({ searchParams }: PageProps<"/help/setup/google">) {
  const actor = await requireUser();
  const { way } = googleSetupParamsSchema.parse(await searchParams);
  const cloud = listClouds(actor).find(({ service }) => service === "google");
  if (!cloud) throw new Error("No Google cloud is configured.");
  return (
    <Page
      title="Setup guide"
      description="One-time setup at Google, with every value to copy."
      actions={<PlatformLinks shown="google" />}
      width="form"
    >
      <Stack gap="lg">
        <GoogleChoices way={way} />
        <Section title="By hand">
          {way === "domain_wide" ? (
            <ServiceAccountSteps portal={cloud.portal} />
          ) : (
            <OAuthClientSteps portal={cloud.portal} redirectUri={redirectUri("google")} />
          )}
        </Section>
        {way === "domain_wide" && (
          <Section title="Or run one script">
            <Script label="Google Cloud CLI script" text={SERVICE_ACCOUNT_SCRIPT} />
          </Section>
        )}
        <Group justify="flex-end">
          <LinkButton href="/settings/cloud-providers/new">New Cloud Provider</LinkButton>
        </Group>
      </Stack>
    </Page>
  );
}

/** Google, "gcloud iam service-accounts". */
const SERVICE_ACCOUNT_SCRIPT = `set -eu
project=postkey-$(date +%s)
gcloud projects create "$project" --name Postkey
gcloud services enable gmail.googleapis.com --project "$project"
gcloud iam service-accounts create postkey --display-name Postkey --project "$project"
account="postkey@$project.iam.gserviceaccount.com"
gcloud iam service-accounts keys create postkey-key.json --iam-account "$account" --project "$project"
echo "Key file:     postkey-key.json"
echo "Client ID:    $(gcloud iam service-accounts describe "$account" --project "$project" \\
  --format 'value(uniqueId)')"
echo "OAuth scopes: https://mail.google.com/"`;
