import { Group } from "@mantine/core";
import { isByItself } from "@/lib/registrations/registration/schema";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
import { AuthenticateButton } from "../authenticate-button";
import { CloudProviderMenu } from "../cloud-provider-menu";
import { ConnectButton } from "../connect-button";

type ProviderActionsProps = { provider: CloudProviderDetail; isPrimary: boolean };

export function ProviderActions({ provider, isPrimary }: ProviderActionsProps) {
  const variant = isPrimary ? "filled" : "default";
  return (
    <Group gap="xs">
      {isByItself(provider.grant) ? (
        <ConnectButton
          cloudProviderId={provider.id}
          grant={provider.grant}
          variant={variant}
          label={provider.authorizationCount === 0 ? "Connect" : "Connect again"}
        />
      ) : (
        <AuthenticateButton
          variant={variant}
          label={provider.authorizationCount === 0 ? "Authenticate" : "Sign in another mailbox"}
          subject={{ subject: "another", cloudProviderId: provider.id }}
        />
      )}
      <CloudProviderMenu
        id={provider.id}
        name={provider.name}
        service={provider.service}
        credentialKind={provider.credentialKind}
        grant={provider.grant}
      />
    </Group>
  );
}
