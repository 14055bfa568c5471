import type { Metadata } from "next";
import { requireUser } from "@/lib/http/auth/session";
import { listClouds } from "@/lib/registrations/queries";
import { redirectUri } from "@/lib/registrations/redirect-uri";
import { GOOGLE_GRANTS } from "@/lib/registrations/registration/google/schema";
import { GuidePage, GuideSection, GuideSteps } from "../guide";
import { GuideChoices } from "../guide-choices";
import { Script } from "../script-tabs";
import { googleSetupParamsSchema } from "../setup-params";
import { oauthClientSteps, serviceAccountSteps } from "./google-steps";

export const metadata: Metadata = { title: "Setup guide for Google" };

export default async function GoogleSetupPage({ searchParams }: PageProps<"/help/setup/google">) {
  const actor = await requireUser();
  const { way } = googleSetupParamsSchema.parse(await searchParams);
  const cloud = listClouds(actor).find(({ service }) => service === "google");
  if (!cloud) throw new Error("No Google cloud is configured.");
  return (
    <GuidePage brand="Google">
      <GuideChoices action="/help/setup/google" way={way} ways={GOOGLE_GRANTS} />
      <GuideSection title="By hand">
        <GuideSteps
          steps={
            way === "domain_wide"
              ? serviceAccountSteps(cloud.portal)
              : oauthClientSteps(cloud.portal, redirectUri("google"))
          }
        />
      </GuideSection>
      {way === "domain_wide" && (
        <GuideSection title="Or run one script">
          <Script label="Google Cloud CLI script" text={SERVICE_ACCOUNT_SCRIPT} />
        </GuideSection>
      )}
    </GuidePage>
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
