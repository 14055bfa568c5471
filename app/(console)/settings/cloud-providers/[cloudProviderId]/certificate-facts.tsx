import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { CopyIconButton } from "@/components/copy-field";
import { ExpiryText } from "@/components/expiry-text";

type CertificateFactsProps = { cloudProviderId: string; thumbprint: string; expiresAt: Date };

/** What a certificate is known by, and its public part to take along. */
export function CertificateFacts(props: CertificateFactsProps) {
  const { cloudProviderId, thumbprint, expiresAt } = props;
  return (
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
  );
}
