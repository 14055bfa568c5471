import { Anchor, Group, Paper, Stack, Text } from "@mantine/core";
import { ActButton, ActionButton } from "@/components/acts";
import { Badge } from "@/components/badge";
import { RelativeTime } from "@/components/relative-time";
import { wallTime } from "@/lib/kernel/clock";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { CredentialRow } from "@/lib/registrations/credentials/queries";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import { restoreClientSecretAction } from "../actions";
import { CredentialExpiry, isOverAtPlatform } from "./credential-expiry";
import { ChangeExpiryDialog } from "./provider-buttons";

export function CredentialHistory({ provider }: { provider: CloudProviderDetail }) {
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        {provider.credentials.map((credential) => (
          <Group key={credential.id} justify="space-between" wrap="nowrap" align="flex-start">
            <Named provider={provider} credential={credential} />
            {credential.supersededAt ? (
              <Replaced provider={provider} credential={credential} />
            ) : (
              <InUse provider={provider} credential={credential} />
            )}
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}

type CredentialProps = { provider: CloudProviderDetail; credential: CredentialRow };

function Named({ provider, credential }: CredentialProps) {
  const { kind, thumbprint, supersededAt, refusedAt, origin, createdByName } = credential;
  return (
    <div>
      <Text fw={supersededAt ? 400 : 600} ff="monospace" style={{ overflowWrap: "anywhere" }}>
        {nameOf(credential)}
      </Text>
      <Text size="xs" c="dimmed">
        {KIND_LABELS[kind]}
        {thumbprint && !supersededAt && (
          <>
            {" · "}
            <Anchor
              href={`/api/cloudProviders/${provider.id}/certificates/${thumbprint}`}
              download
              inherit
              underline="always"
            >
              Download .cer
            </Anchor>
          </>
        )}
      </Text>
      <Text size="xs" c="dimmed">
        {ORIGINS[origin] ?? "entered"} <RelativeTime at={credential.createdAt} />
        {origin !== "rotated" && ` by ${createdByName}`}
      </Text>
      {refusedAt && (provider.failureId !== null || supersededAt) && (
        <Text size="xs" c="var(--mantine-color-error)">
          refused <RelativeTime at={refusedAt} />
        </Text>
      )}
    </div>
  );
}

function nameOf({ kind, thumbprint, hint }: CredentialRow): string {
  if (thumbprint !== null) return thumbprint;
  if (kind === "federated_token") return hint;
  return hint === "" ? "of this machine" : `…${hint}`;
}

const KIND_LABELS = {
  client_secret: "Client secret",
  certificate: "Certificate",
  federated_token: "Federated token",
  managed_identity: "Managed identity",
  service_account: "Key of a service account",
} as const satisfies Record<CredentialRow["kind"], string>;

const ORIGINS: Readonly<Record<string, string>> = {
  rotated: "created by Postkey",
  made: "created by Postkey, put in use",
  restored: "put in use again",
};

function InUse({ provider, credential }: CredentialProps) {
  const { kind, origin, version, expiresAt } = credential;
  const { id: cloudProviderId, service } = provider;
  // Only people know when a secret that they entered expires.
  const isTyped = kind === "client_secret" && origin !== "rotated";
  return (
    <Stack gap={4} align="flex-end" style={{ whiteSpace: "nowrap" }}>
      <InUseBadge provider={provider} credential={credential} />
      <Text component="div" ta="right">
        {!expiresAt && "does not expire"}
        {expiresAt &&
          !isOverAtPlatform(provider) &&
          (PLATFORMS[service].endlessSecrets ? "replace it by " : "expires ")}
        {expiresAt && <CredentialExpiry of={provider} />}
      </Text>
      {isTyped && expiresAt && (
        <ActButton
          size="compact-xs"
          label="Change expiry"
          needs="providers:write"
          dialog={
            <ChangeExpiryDialog
              cloudProviderId={cloudProviderId}
              service={service}
              version={version}
              expiresAt={expiresAt}
            />
          }
        />
      )}
    </Stack>
  );
}

function InUseBadge({ provider, credential: { refusedAt, provedAt } }: CredentialProps) {
  if (provider.failureId !== null && refusedAt) return <Badge tint="red">Refused</Badge>;
  return provedAt ? <Badge tint="teal">Proved</Badge> : <Badge tint="yellow">Not proved yet</Badge>;
}

function Replaced({ provider, credential }: CredentialProps) {
  const { supersededAt, version, keptUntil, expiresAt } = credential;
  const now = wallTime();
  const isKept = keptUntil && keptUntil > now && (expiresAt === null || expiresAt > now);
  return (
    <Stack gap={4} align="flex-end">
      <Text c="dimmed" ta="right">
        replaced {supersededAt && <RelativeTime at={supersededAt} />}
      </Text>
      {isKept && (
        <ActionButton
          size="compact-xs"
          label="Use again"
          needs="providers:write"
          action={restoreClientSecretAction.bind(null, { cloudProviderId: provider.id, version })}
          done="It works and is in use again."
        />
      )}
    </Stack>
  );
}
