import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { IconCertificate, IconDownload, IconShieldQuestion } from "@tabler/icons-react";
import { ActionButton } from "@/components/acts";
import { CopyIconButton } from "@/components/copy-field";
import { ExpiryText } from "@/components/expiry-text";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import { findRemedy } from "@/lib/remedies/catalogue";
import {
  discardPendingCertificateAction,
  proveAndUseCertificateAction,
  proveCredentialAction,
} from "../actions";
import { remedyFor } from "./remedy-for";
import type { Shown } from "./shown";

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
            <Anchor href={upload} target="_blank" rel="noreferrer" inherit underline="always">
              Certificates &amp; secrets
            </Anchor>
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
