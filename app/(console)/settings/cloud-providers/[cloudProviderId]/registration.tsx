import { SimpleGrid, Stack } from "@mantine/core";
import { dayText } from "@/components/day";
import { ExpiryText } from "@/components/expiry-text";
import { copied, FactList } from "@/components/fact-list";
import { TextLink } from "@/components/links";
import { SectionPages } from "@/components/list-footer";
import { Section } from "@/components/page";
import { routes } from "@/components/routes";
import { ACCOUNT_TYPE_LABELS, GRANT_LABELS } from "@/lib/registrations/registration/schema";
import { FORM_VARIANTS } from "../form-variants";
import { AutomaticRenewal } from "./automatic-renewal";
import { CredentialHistory } from "./credential-history";
import { ConsentButton } from "./provider-buttons";
import { RegistrationCheck } from "./registration-check";
import type { Shown } from "./shown";
import { PendingCertificate, UnprovedCredential } from "./unused-credential";

export function Registration(shown: Shown) {
  const { provider } = shown;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Section title="App registration">
        <Stack gap="sm">
          <RegistrationFacts {...shown} />
          <RegistrationCheck
            // Another credential makes the findings obsolete.
            key={`${provider.version} ${provider.credentialInUse?.version}`}
            cloudProviderId={provider.id}
            isRefused={provider.failureId !== null}
          />
        </Stack>
      </Section>
      <CredentialInUse {...shown} />
    </SimpleGrid>
  );
}

function RegistrationFacts({ provider, cloud }: Shown) {
  const { id, grant, redirectUri, accountCount, tenantId } = provider;
  const { idLabels, seldom } = FORM_VARIANTS[provider.service];
  const facts = [
    copied(idLabels.clientId, provider.clientId),
    tenantId && copied(idLabels.tenantId, tenantId),
    grant !== "domain_wide" && copied("Redirect URI", redirectUri),
    { label: "Cloud", value: cloud?.label ?? provider.cloud },
    provider.hasOwnHosts &&
      provider.hosts &&
      copied("Sign-in servers (own)", provider.hosts.authority),
    { label: "How mailboxes sign in", value: GRANT_LABELS[grant] },
    seldom?.hasAccountTypes === true && {
      label: "Supported account types",
      value: ACCOUNT_TYPE_LABELS[provider.accountTypes],
    },
    { label: "Credential expires", value: <ExpiryText at={provider.secretExpiresAt} /> },
    {
      label: "Email accounts",
      value:
        accountCount === 0 ? (
          "None"
        ) : (
          <TextLink href={routes.accountsOfProvider(id)}>
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

function CredentialInUse({ provider, cloud, asked, place }: Shown) {
  return (
    <Section title="Credential">
      <Stack gap="sm">
        <PendingCertificate provider={provider} asked={asked} />
        <UnprovedCredential provider={provider} asked={asked} />
        <CredentialHistory provider={provider} />
        <SectionPages
          list={{ ...provider.credentialPage, rows: provider.credentials }}
          section="credentials"
          noun={{ one: "credential", many: "credentials" }}
          {...place}
        />
        {provider.canRenewSecrets && provider.credentialKind === "client_secret" && (
          <AutomaticRenewal provider={provider} hasGraph={cloud?.hasGraph ?? false} />
        )}
      </Stack>
    </Section>
  );
}
