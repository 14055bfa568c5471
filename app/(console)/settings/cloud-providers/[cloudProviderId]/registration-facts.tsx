import { Group, Paper, Stack, Text } from "@mantine/core";
import { CopyIconButton } from "@/components/copy-field";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
import { ConsentButton } from "./consent-button";

const ACCOUNT_TYPES = {
  tenant: "This tenant only",
  organizations: "Any organisation",
  organizations_and_personal: "Any organisation and personal accounts",
} as const;

type Ids = Pick<CloudProviderDetail, "clientId" | "tenantId">;

/** What each service calls the two values that name an application. */
const IDS = {
  microsoft_azure: ({ clientId, tenantId }: Ids) =>
    [
      ["Application Id", clientId],
      ["Tenant Id", tenantId],
    ] as const,
  google: ({ clientId, tenantId }: Ids) =>
    [
      ["Client Id", clientId],
      ...(tenantId ? ([["Workspace domain", tenantId]] as const) : []),
    ] as const,
} as const;

/** The values of the registration, to be compared with the platform's own page. */
export function RegistrationFacts({ provider }: { provider: CloudProviderDetail }) {
  const facts = [
    ...IDS[provider.service](provider),
    ...(provider.grant === "domain_wide"
      ? []
      : ([["Redirect URI", provider.redirectUri]] as const)),
    ...(provider.hasOwnHosts && provider.hosts
      ? ([["Sign-in servers (own)", provider.hosts.authority]] as const)
      : []),
  ] as const;
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        {facts.map(([label, value]) => (
          <div key={label}>
            <Text size="xs" c="dimmed">
              {label}
            </Text>
            <Group gap={4} wrap="nowrap" justify="space-between">
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                {value}
              </Text>
              <CopyIconButton label={label} value={value} />
            </Group>
          </div>
        ))}
        {provider.service === "microsoft_azure" && (
          <div>
            <Text size="xs" c="dimmed">
              Supported account types
            </Text>
            <Text size="sm">{ACCOUNT_TYPES[provider.accountTypes]}</Text>
          </div>
        )}
        {provider.canConsent && <ConsentButton cloudProviderId={provider.id} />}
      </Stack>
    </Paper>
  );
}
