import { z } from "zod";
import { Script } from "@/components/script";
import { requireUser } from "@/lib/http/auth/session";
import { listClouds } from "@/lib/registrations/queries";
import { redirectUri } from "@/lib/registrations/redirect-uri";
import { GOOGLE_GRANTS } from "@/lib/registrations/registration/google/schema";
import { GRANT_LABELS } from "@/lib/registrations/registration/schema";
import {
  DELEGATION_PAGE,
  MAIL_ACCESS_PAGE,
  MAIL_SCOPE,
} from "../../../settings/cloud-providers/domain-wide-delegation";
import { GuideChoices, GuidePage, GuideSection, type GuideStep, GuideSteps } from "../guide";

const waySchema = z.enum(GOOGLE_GRANTS).catch("delegated");

export default async function GoogleSetupPage({ searchParams }: PageProps<"/help/setup/google">) {
  const actor = await requireUser();
  const way = waySchema.parse((await searchParams).way);
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

/** Google, "Using OAuth 2.0 for Web Server Applications". */
function oauthClientSteps(portal: string, redirectUri: string): GuideStep[] {
  return [
    project(portal),
    {
      title: "Configure the consent screen",
      text: `On [Branding](${portal}/auth/branding) name the app Postkey and enter a support address. On [Audience](${portal}/auth/audience) choose Internal when all mailboxes belong to your own Workspace: nothing below has to be published or reviewed then. For personal Gmail accounts choose External.`,
    },
    {
      title: "Add the scope",
      text: `On [Data access](${portal}/auth/scopes) choose Add or remove scopes, paste this one below Manually add scopes, add it, and save:`,
      copied: { label: "Scope", value: MAIL_SCOPE },
    },
    {
      title: "External only: test users and publishing status",
      text: "While the status is Testing, only the test users that you enter on Audience may sign in, and Google ends each sign-in after 7 days. For sign-ins that last, choose Publish app. Until Google has verified it, up to 100 people may sign in, past a warning: Advanced, then Go to Postkey.",
    },
    {
      title: "Create the OAuth client",
      text: `On [Clients](${portal}/auth/clients) choose Create client, type Web application, and below Authorised redirect URIs paste:`,
      copied: { label: "Redirect URI", value: redirectUri },
    },
    {
      title: "Copy the client id and the client secret",
      text: "Google shows the secret once, when you create it.",
    },
    MAIL_ACCESS,
    {
      title: "Enter both in Postkey",
      text: "Settings → Cloud Providers → the + button, Service Google. Then Authenticate from the row's menu, and sign in with the mailbox's own address. Tick the box of the mail permission: Google asks for each one.",
    },
  ];
}

/** Google, "Using OAuth 2.0 for Server to Server Applications". */
function serviceAccountSteps(portal: string): GuideStep[] {
  return [
    project(portal),
    {
      title: "Create the service account",
      text: `On [Service accounts](${portal}/iam-admin/serviceaccounts) choose Create service account and name it Postkey. It needs no role. Its page then shows the Unique ID: that is its client id.`,
    },
    {
      title: "Create a key",
      text: "On the account's page: Keys → Add key → Create new key → JSON. You can download the file only once. If the button is refused, the organisation forbids keys: an administrator lifts the policy iam.disableServiceAccountKeyCreation for this project.",
    },
    {
      title: "Let the domain delegate its mail to it",
      text: `As an administrator of the Workspace domain open the [Admin console](${DELEGATION_PAGE}): Security → Access and data control → API controls → Manage domain-wide delegation → Add new. Enter the Unique ID as Client ID, and as OAuth scopes, exactly this:`,
      copied: { label: "OAuth scopes", value: MAIL_SCOPE },
    },
    MAIL_ACCESS,
    {
      title: "Enter the key in Postkey",
      text: `Settings → Cloud Providers → the + button, Service Google, “${GRANT_LABELS.domain_wide}”, and choose the key file. Then add the email accounts: their Username is the primary address of the user, not an alias or a group. No one has to sign in.`,
    },
  ];
}

const project = (portal: string): GuideStep => ({
  title: "Create a project, and enable the Gmail API",
  text: `In the Google Cloud console [create a project](${portal}/projectcreate), then open the [Gmail API](${portal}/apis/library/gmail.googleapis.com) and choose Enable.`,
});

const MAIL_ACCESS: GuideStep = {
  title: "Google Workspace: allow IMAP and POP",
  text: `In the Admin console [End user access](${MAIL_ACCESS_PAGE}), POP and IMAP access: enabled for all users, or at least for these. Personal Gmail accounts have IMAP on; POP is switched on in each one's own settings.`,
};
