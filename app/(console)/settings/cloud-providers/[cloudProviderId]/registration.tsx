import { SimpleGrid, Stack } from "@mantine/core";
import { dayText } from "@/components/day";
import { ExpiryText } from "@/components/expiry-text";
import { type Fact, FactList } from "@/components/fact-list";
import { TextLink } from "@/components/links";
import { routes } from "@/components/routes";
import { Section } from "@/components/section";
import type { PageParameters } from "@/lib/kernel/turns/schema";
import { ACCOUNT_TYPE_LABELS, GRANT_LABELS } from "@/lib/registrations/registration/schema";
import type { CloudProviderDetail } from "@/lib/registrations/rows/schema";
import type { CloudChoice } from "@/lib/registrations/schema";
import { FORM_VARIANTS } from "../form-variants";
import type { askedOf } from "./asked";
import { CredentialInUse } from "./credential-in-use";
import { ConsentButton } from "./provider-buttons";
import { RegistrationCheck } from "./registration-check";

type RegistrationProps = {
  provider: CloudProviderDetail;
  cloud: CloudChoice | undefined;
  asked: ReturnType<typeof askedOf>;
  path: string;
  parameters: PageParameters;
};

export function Registration({ provider, cloud, asked, ...place }: RegistrationProps) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Section title="App registration">
        <Stack gap="sm">
          <RegistrationFacts provider={provider} cloud={cloud?.label ?? provider.cloud} />
          <RegistrationCheck
            // Another credential makes the findings obsolete.
            key={`${provider.version} ${provider.credentialInUse?.version}`}
            cloudProviderId={provider.id}
            isRefused={provider.failureId !== null}
          />
        </Stack>
      </Section>
      <CredentialInUse
        provider={provider}
        hasGraph={cloud?.hasGraph ?? false}
        asked={asked}
        {...place}
      />
    </SimpleGrid>
  );
}

type RegistrationFactsProps = {
  provider: CloudProviderDetail;
  cloud: string;
};

export function RegistrationFacts({ provider, cloud }: RegistrationFactsProps) {
  const { id, grant, redirectUri, accountCount } = provider;
  const facts: Fact[] = [
    ...idsOf(provider),
    ...(grant === "domain_wide" ? [] : [copied("Redirect URI", redirectUri)]),
    { label: "Cloud", value: cloud },
    ...(provider.hasOwnHosts && provider.hosts
      ? [copied("Sign-in servers (own)", provider.hosts.authority)]
      : []),
    { label: "How mailboxes sign in", value: GRANT_LABELS[grant] },
    ...(FORM_VARIANTS[provider.service].seldom?.hasAccountTypes
      ? [{ label: "Supported account types", value: ACCOUNT_TYPE_LABELS[provider.accountTypes] }]
      : []),
    { label: "Credential expires", value: <ExpiryText at={provider.secretExpiresAt} /> },
    {
      label: "Email accounts",
      value:
        accountCount === 0 ? (
          "None"
        ) : (
          <TextLink size="sm" href={routes.accountsOfProvider(id)}>
            {accountCount.toLocaleString("en")}
          </TextLink>
        ),
    },
    { label: "Created", value: dayText(provider.createdAt) },
    copied("Id", id),
  ];
  return (
    <Stack gap="sm">
      <FactList facts={facts} />
      {provider.canConsent && <ConsentButton cloudProviderId={id} />}
    </Stack>
  );
}

function idsOf({ service, clientId, tenantId }: CloudProviderDetail): Fact[] {
  const labels = FORM_VARIANTS[service].idLabels;
  return [
    copied(labels.clientId, clientId),
    ...(tenantId ? [copied(labels.tenantId, tenantId)] : []),
  ];
}

function copied(label: string, value: string): Fact {
  return { label, value, copied: value };
}
