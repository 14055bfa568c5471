import { Alert, Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconCertificate, IconDownload, IconShieldQuestion } from "@tabler/icons-react";
import { ActionButton } from "@/components/acts";
import { CopyIconButton } from "@/components/copy-field";
import { dayText } from "@/components/day";
import { ExpiryText } from "@/components/expiry-text";
import { copied, FactList } from "@/components/fact-list";
import { ExternalLink, TextLink } from "@/components/links";
import { SectionPages } from "@/components/list-footer";
import { Section } from "@/components/page";
import { routes } from "@/components/routes";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import { ACCOUNT_TYPE_LABELS, GRANT_LABELS } from "@/lib/registrations/registration/schema";
import { findRemedy } from "@/lib/remedies/catalogue";
import {
  discardPendingCertificateAction,
  proveAndUseCertificateAction,
  proveCredentialAction,
} from "../actions";
import { FORM_VARIANTS } from "../form-variants";
import { AutomaticRenewal } from "./automatic-renewal";
import { CredentialExpiry } from "./credential-expiry";
import { CredentialHistory } from "./credential-history";
import { ConsentButton } from "./provider-buttons";
import { RegistrationCheck } from "./registration-check";
import { remedyFor } from "./remedy-for";
import type { Shown } from "./shown";

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
    { label: "Credential expires", value: <CredentialExpiry of={provider} /> },
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
          place={place}
          noun="credential"
        />
        {provider.canRenewSecrets && provider.credentialKind === "client_secret" && (
          <AutomaticRenewal provider={provider} hasGraph={cloud?.hasGraph ?? false} />
        )}
      </Stack>
    </Section>
  );
}

type UnusedCredentialProps = Pick<Shown, "provider" | "asked">;

export function PendingCertificate({ provider, asked }: UnusedCredentialProps) {
  const { id: cloudProviderId, pendingCertificate: certificate } = provider;
  if (!certificate) return null;
  return (
    <Alert
      color="indigo"
      icon={<IconCertificate size={18} />}
      title="A certificate is waiting to be used"
    >
      <Stack gap="sm">
        <CertificateSteps
          provider={provider}
          certificate={certificate}
          last="Prove and use it here. Until then, the current credential stays in use."
        />
        <Group gap="xs">
          <ActionButton
            size="xs"
            variant={asked === "prove_pending" ? "filled" : "default"}
            label="Prove and use"
            needs="providers:write"
            action={proveAndUseCertificateAction.bind(null, { cloudProviderId })}
            done="The certificate works and is now in use. Everyone stays signed in."
          />
          <ActionButton
            size="xs"
            label="Discard"
            needs="providers:write"
            action={discardPendingCertificateAction.bind(null, { cloudProviderId })}
          />
        </Group>
      </Stack>
    </Alert>
  );
}

export function UnprovedCredential({ provider, asked }: UnusedCredentialProps) {
  const { id: cloudProviderId, credentialInUse: inUse } = provider;
  if (!inUse || inUse.provedAt) return null;
  const { thumbprint, expiresAt, refusedAs } = inUse;
  return (
    <Alert
      color="indigo"
      icon={<IconShieldQuestion size={18} />}
      title="The credential is not proved yet"
    >
      <Stack gap="sm" align="flex-start">
        {thumbprint && expiresAt ? (
          <CertificateSteps
            provider={provider}
            certificate={{ thumbprint, expiresAt }}
            last="Prove it here. A new credential can take a minute to work everywhere."
          />
        ) : (
          <Text>{refusedAs && `${findRemedy(refusedAs).title} `}Prove it once this is over.</Text>
        )}
        <ActionButton
          size="xs"
          variant={asked === "prove" ? "filled" : "default"}
          label="Prove it now"
          needs="authorizations:write"
          action={proveCredentialAction.bind(null, { cloudProviderId })}
          done="The credential works."
        />
      </Stack>
    </Alert>
  );
}

type CertificateStepsProps = {
  provider: CloudProviderDetail;
  certificate: { thumbprint: string; expiresAt: Date };
  last: string;
};

/** A certificate has to be registered before it can be proved. */
function CertificateSteps({ provider, certificate, last }: CertificateStepsProps) {
  const { thumbprint, expiresAt } = certificate;
  const { id, unknownCertificateId } = provider;
  const upload = unknownCertificateId && remedyFor(unknownCertificateId, provider).link?.url;
  return (
    <>
      <div>
        <Text size="xs" c="dimmed">
          Thumbprint
        </Text>
        <Group gap={4} wrap="nowrap" justify="space-between">
          <Text ff="monospace" style={{ overflowWrap: "anywhere" }}>
            {thumbprint}
          </Text>
          <CopyIconButton label="Thumbprint" value={thumbprint} />
        </Group>
        <Group gap="sm" mt={6}>
          <Button
            component="a"
            href={`/api/cloudProviders/${id}/certificates/${thumbprint}`}
            download
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
          >
            Download .cer
          </Button>
          <Text>
            expires <ExpiryText at={expiresAt} />
          </Text>
        </Group>
      </div>
      <Text component="ol" m={0} pl="lg">
        <li>Download the certificate.</li>
        <li>
          Upload it to the app registration:{" "}
          {upload ? (
            <ExternalLink href={upload}>Certificates &amp; secrets</ExternalLink>
          ) : (
            "Certificates & secrets"
          )}
          , Certificates, Upload certificate.
        </li>
        <li>{last}</li>
      </Text>
    </>
  );
}
