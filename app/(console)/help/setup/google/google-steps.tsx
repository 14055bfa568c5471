import { List, Text } from "@mantine/core";
import { CopyField } from "@/components/copy-field";
import { GRANT_LABELS } from "@/lib/registrations/registration/schema";
import { ConsoleLink, Step } from "../step";
import { DELEGATION_PAGE, MAIL_ACCESS_PAGE, MAIL_SCOPE } from "./admin-console";

/** Google, "Using OAuth 2.0 for Web Server Applications". */
export function OAuthClientSteps({ portal, redirectUri }: { portal: string; redirectUri: string }) {
  return (
    <List type="ordered" spacing="lg">
      <Project portal={portal} />
      <Step title="Configure the consent screen">
        <Text size="sm" c="dimmed">
          On <ConsoleLink href={`${portal}/auth/branding`}>Branding</ConsoleLink> name the app
          Postkey and enter a support address. On{" "}
          <ConsoleLink href={`${portal}/auth/audience`}>Audience</ConsoleLink> choose Internal when
          all mailboxes belong to your own Workspace: nothing below has to be published or reviewed
          then. For personal Gmail accounts choose External.
        </Text>
      </Step>
      <Step title="Add the scope">
        <Text size="sm" c="dimmed">
          On <ConsoleLink href={`${portal}/auth/scopes`}>Data access</ConsoleLink> choose Add or
          remove scopes, paste this one below Manually add scopes, add it, and save:
        </Text>
        <CopyField label="Scope" value={MAIL_SCOPE} />
      </Step>
      <Step title="External only: test users and publishing status">
        <Text size="sm" c="dimmed">
          While the status is Testing, only the test users that you enter on Audience may sign in,
          and Google ends each sign-in after 7 days. For sign-ins that last, choose Publish app.
          Until Google has verified it, up to 100 people may sign in, past a warning: Advanced, then
          Go to Postkey.
        </Text>
      </Step>
      <Step title="Create the OAuth client">
        <Text size="sm" c="dimmed">
          On <ConsoleLink href={`${portal}/auth/clients`}>Clients</ConsoleLink> choose Create
          client, type Web application, and below Authorised redirect URIs paste:
        </Text>
        <CopyField label="Redirect URI" value={redirectUri} />
      </Step>
      <Step title="Copy the client id and the client secret">
        <Text size="sm" c="dimmed">
          Google shows the secret once, when you create it.
        </Text>
      </Step>
      <MailAccess />
      <Step title="Enter both in Postkey">
        <Text size="sm" c="dimmed">
          Settings → Cloud Providers → the + button, Service Google. Then Authenticate from the
          row's menu, and sign in with the mailbox's own address. Tick the box of the mail
          permission: Google asks for each one.
        </Text>
      </Step>
    </List>
  );
}

/** Google, "Using OAuth 2.0 for Server to Server Applications". */
export function ServiceAccountSteps({ portal }: { portal: string }) {
  return (
    <List type="ordered" spacing="lg">
      <Project portal={portal} />
      <Step title="Create the service account">
        <Text size="sm" c="dimmed">
          On{" "}
          <ConsoleLink href={`${portal}/iam-admin/serviceaccounts`}>Service accounts</ConsoleLink>{" "}
          choose Create service account and name it Postkey. It needs no role. Its page then shows
          the Unique ID: that is its client id.
        </Text>
      </Step>
      <Step title="Create a key">
        <Text size="sm" c="dimmed">
          On the account's page: Keys → Add key → Create new key → JSON. You can download the file
          only once. If the button is refused, the organisation forbids keys: an administrator lifts
          the policy iam.disableServiceAccountKeyCreation for this project.
        </Text>
      </Step>
      <Step title="Let the domain delegate its mail to it">
        <Text size="sm" c="dimmed">
          As an administrator of the Workspace domain open the{" "}
          <ConsoleLink href={DELEGATION_PAGE}>Admin console</ConsoleLink>: Security → Access and
          data control → API controls → Manage domain-wide delegation → Add new. Enter the Unique ID
          as Client ID, and as OAuth scopes, exactly this:
        </Text>
        <CopyField label="OAuth scopes" value={MAIL_SCOPE} />
      </Step>
      <MailAccess />
      <Step title="Enter the key in Postkey">
        <Text size="sm" c="dimmed">
          Settings → Cloud Providers → the + button, Service Google, “{GRANT_LABELS.domain_wide}”,
          and choose the key file. Then add the email accounts: their Username is the primary
          address of the user, not an alias or a group. No one has to sign in.
        </Text>
      </Step>
    </List>
  );
}

function Project({ portal }: { portal: string }) {
  return (
    <Step title="Create a project, and enable the Gmail API">
      <Text size="sm" c="dimmed">
        In the Google Cloud console{" "}
        <ConsoleLink href={`${portal}/projectcreate`}>create a project</ConsoleLink>, then open the{" "}
        <ConsoleLink href={`${portal}/apis/library/gmail.googleapis.com`}>Gmail API</ConsoleLink>{" "}
        and choose Enable.
      </Text>
    </Step>
  );
}

function MailAccess() {
  return (
    <Step title="Google Workspace: allow IMAP and POP">
      <Text size="sm" c="dimmed">
        In the Admin console <ConsoleLink href={MAIL_ACCESS_PAGE}>End user access</ConsoleLink>, POP
        and IMAP access: enabled for all users, or at least for these. Personal Gmail accounts have
        IMAP on; POP is switched on in each one's own settings.
      </Text>
    </Step>
  );
}
