import { Alert, Stack, Text } from "@mantine/core";
import { IconLogin2 } from "@tabler/icons-react";
import { Can } from "@/components/can";
import type { EmailAccountDetail } from "@/lib/email-accounts/schema";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
import { identitiesOf } from "@/lib/sign-ins/identities";
import { AuthenticateButton } from "../../../settings/cloud-providers/authenticate-button";

type WhoSignsInProps = {
  account: EmailAccountDetail;
  provider: CloudProviderDetail;
  isPrimary: boolean;
};

/** The one step that is left of an account that waits for its sign-in: exactly who takes it, and where. */
export function WhoSignsIn({ account, provider, isPrimary }: WhoSignsInProps) {
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
          No one is signed in as {username} at {provider.name} yet. {WAYS[provider.grant](username)}{" "}
          Then Postkey tests the account.
        </Text>
        {isDelegate && (
          <Text size="sm">
            {username} opens the mailbox {mailbox} and needs the permissions Full Access and Send As
            on it.
          </Text>
        )}
        <Can
          permission="authorizations:write"
          otherwise={<Text size="sm">An operator or an administrator has the button.</Text>}
        >
          <AuthenticateButton
            label={`Sign in as ${username}`}
            subject={{ subject: "email_account", emailAccountId: account.id }}
            variant={isPrimary ? "filled" : "default"}
            w="fit-content"
          />
        </Can>
      </Stack>
    </Alert>
  );
}

const WAYS: Readonly<Record<CloudProviderDetail["grant"], (username: string) => string>> = {
  delegated: (username) =>
    `The button opens the sign-in page in this browser: sign in there as ${username}. If you don't know the password, ask ${username} to enter it.`,
  device_code: (username) => `The button shows a code, which ${username} enters on another device.`,
  app_only: () => "",
  domain_wide: () => "",
};
