import { Stack } from "@mantine/core";
import { dayText } from "@/components/day";
import { ExpiryText } from "@/components/expiry-text";
import { type Fact, FactList } from "@/components/fact-list";
import { TextLink } from "@/components/links";
import { routes } from "@/components/routes";
import { ACCOUNT_TYPE_LABELS, GRANT_LABELS } from "@/lib/registrations/registration/schema";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
import { FORM_VARIANTS } from "../form-variants";
import { ConsentButton } from "./consent-button";

type RegistrationFactsProps = {
  provider: CloudProviderDetail;
  /** The cloud's name, as forms call it. */
  cloud: string;
};

/** The values of the registration, to be compared with the platform's own page. */
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
