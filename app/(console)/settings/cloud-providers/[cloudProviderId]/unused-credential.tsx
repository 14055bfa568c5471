"use client";

import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { IconCertificate, IconDownload, IconShieldQuestion } from "@tabler/icons-react";
import { ActButton } from "@/components/act-button";
import { act } from "@/components/acts";
import { CopyIconButton } from "@/components/copy-field";
import { ExpiryText } from "@/components/expiry-text";
import {
  discardPendingCertificateAction,
  proveAndUseCertificateAction,
  proveCredentialAction,
} from "../actions";

type Certificate = { thumbprint: string; expiresAt: Date };

type UnusedCredentialProps = {
  cloudProviderId: string;
  uploadUrl: string | undefined;
  isPrimary: boolean;
};

export function PendingCertificate(props: UnusedCredentialProps & { certificate: Certificate }) {
  const { cloudProviderId, isPrimary } = props;
  return (
    <Alert
      color="indigo"
      icon={<IconCertificate size={18} />}
      title="A certificate is waiting to be used"
    >
      <Stack gap="sm">
        <CertificateSteps
          {...props}
          last="Prove and use it here. Until then, the current credential stays in use."
        />
        <Group gap="xs">
          <ActButton
            size="xs"
            variant={isPrimary ? "filled" : "default"}
            label="Prove and use"
            needs="providers:write"
            run={act(
              () => proveAndUseCertificateAction({ cloudProviderId }),
              "The certificate works and is now in use. Everyone stays signed in.",
            )}
          />
          <ActButton
            size="xs"
            label="Discard"
            needs="providers:write"
            run={act(() => discardPendingCertificateAction({ cloudProviderId }))}
          />
        </Group>
      </Stack>
    </Alert>
  );
}

type UnprovedCredentialProps = UnusedCredentialProps & {
  reason: string;
  /** A certificate has to be registered before it can be proved. */
  certificate: Certificate | null;
};

export function UnprovedCredential(props: UnprovedCredentialProps) {
  const { cloudProviderId, reason, certificate, isPrimary } = props;
  return (
    <Alert
      color="indigo"
      icon={<IconShieldQuestion size={18} />}
      title="The credential is not proved yet"
    >
      <Stack gap="sm" align="flex-start">
        {certificate ? (
          <CertificateSteps
            {...props}
            certificate={certificate}
            last="Prove it here. A new credential can take a minute to work everywhere."
          />
        ) : (
          <Text size="sm">{reason} Prove it once this is over.</Text>
        )}
        <ActButton
          size="xs"
          variant={isPrimary ? "filled" : "default"}
          label="Prove it now"
          needs="authorizations:write"
          run={act(() => proveCredentialAction({ cloudProviderId }), "The credential works.")}
        />
      </Stack>
    </Alert>
  );
}

type CertificateStepsProps = UnusedCredentialProps & {
  certificate: Certificate;
  last: string;
};

function CertificateSteps(props: CertificateStepsProps) {
  const { cloudProviderId, certificate, uploadUrl, last } = props;
  const { thumbprint, expiresAt } = certificate;
  return (
    <>
      <div>
        <Text size="xs" c="dimmed">
          Thumbprint
        </Text>
        <Group gap={4} wrap="nowrap" justify="space-between">
          <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}>
            {thumbprint}
          </Text>
          <CopyIconButton label="Thumbprint" value={thumbprint} />
        </Group>
        <Group gap="sm" mt={6}>
          <Button
            component="a"
            href={`/api/cloudProviders/${cloudProviderId}/certificates/${thumbprint}`}
            download
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
          >
            Download .cer
          </Button>
          <Text size="sm">
            expires <ExpiryText at={expiresAt} />
          </Text>
        </Group>
      </div>
      <Text component="ol" size="sm" m={0} pl="lg">
        <li>Download the certificate.</li>
        <li>
          Upload it to the app registration:{" "}
          {uploadUrl === undefined ? (
            "Certificates & secrets"
          ) : (
            <Anchor href={uploadUrl} target="_blank" rel="noreferrer" inherit underline="always">
              Certificates &amp; secrets
            </Anchor>
          )}
          , Certificates, Upload certificate.
        </li>
        <li>{last}</li>
      </Text>
    </>
  );
}
