import { Alert, Group, Stack, Text } from "@mantine/core";
import { IconLogin2 } from "@tabler/icons-react";
import { Can } from "@/components/can";
import { InlineLink } from "@/components/links";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import type { CloudProviderDetail } from "@/lib/registrations/rows/schema";
import { identitiesOf } from "@/lib/sign-ins/identities";
import type { StandingLink } from "@/lib/sign-ins/links/schema";
import { AuthenticateButton } from "../../../settings/cloud-providers/sign-in-buttons";
import { StandingLinkText } from "../../sign-in-links/standing-link";
import { CreateLinkButton } from "./create-link-button";

type WhoSignsInProps = {
  account: EmailAccountDetail;
  provider: CloudProviderDetail;
  isPrimary: boolean;
  link: StandingLink | null;
};

export function WhoSignsIn({ account, provider, isPrimary, link }: WhoSignsInProps) {
  const { username } = account;
  const names = { ...account, smtpUser: null, isAppOnly: false };
  const { isDelegate, mailbox } = identitiesOf(names);
  return (
    <Alert
      color="indigo"
      icon={<IconLogin2 size={18} />}
      title={`Next: ${username} signs in`}
      data-remedy="postkey.not_signed_in"
    >
      <Stack gap="sm">
        <Text size="sm">
          No one is signed in as {username} at {provider.name} yet.{" "}
          <Can permission="authorizations:write">{WAYS[provider.grant](username)} </Can>
          Then Postkey tests the account.
        </Text>
        {isDelegate && (
          <Text size="sm">
            {username} opens the mailbox {mailbox} and needs the permissions Full Access and Send As
            on it.
          </Text>
        )}
        {link && (
          <Text size="sm">
            There is an open sign-in link for {username}: <StandingLinkText link={link} />.{" "}
            <InlineLink href={`/email/sign-in-links?search=${encodeURIComponent(username)}`}>
              Sign-in Links
            </InlineLink>
          </Text>
        )}
        <Can
          permission="authorizations:write"
          otherwise={
            <Text size="sm">
              Ask an operator or an administrator to sign in as {username}, or to send a sign-in
              link.
            </Text>
          }
        >
          <Group gap="xs">
            <AuthenticateButton
              label={`Sign in as ${username}`}
              subject={{ subject: "email_account", emailAccountId: account.id }}
              variant={isPrimary ? "filled" : "default"}
            />
            {provider.grant === "delegated" && (
              <CreateLinkButton emailAccountId={account.id} hasLink={link !== null} />
            )}
          </Group>
        </Can>
      </Stack>
    </Alert>
  );
}

const WAYS: Readonly<Record<CloudProviderDetail["grant"], (username: string) => string>> = {
  delegated: (username) =>
    `The button opens the sign-in page in this browser: sign in there as ${username}. If you don't know the password, send ${username} a sign-in link.`,
  device_code: (username) => `The button shows a code, which ${username} enters on another device.`,
  app_only: () => "",
  domain_wide: () => "",
};
