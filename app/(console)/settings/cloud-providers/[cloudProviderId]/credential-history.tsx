import { Anchor, Group, Paper, Stack, Text } from "@mantine/core";
import { Badge } from "@/components/badge";
import { ExpiryText } from "@/components/expiry-text";
import { RelativeTime } from "@/components/relative-time";
import { wallTime } from "@/lib/kernel/clock";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { CredentialRow } from "@/lib/registrations/rows/schema";
import type { ServiceId } from "@/lib/registrations/schema";
import { ChangeExpiryButton, UseAgainButton } from "./provider-buttons";

type CredentialHistoryProps = {
  cloudProviderId: string;
  service: ServiceId;
  credentials: CredentialRow[];
  isRefused: boolean;
};

export function CredentialHistory(props: CredentialHistoryProps) {
  const { credentials, ...provider } = props;
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        {credentials.map((credential) => (
          <Group key={credential.id} justify="space-between" wrap="nowrap" align="flex-start">
            <What credential={credential} {...provider} />
            <CredentialStanding credential={credential} {...provider} />
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}

type WhatProps = Pick<CredentialHistoryProps, "cloudProviderId" | "isRefused"> & {
  credential: CredentialRow;
};

function What({ credential, cloudProviderId, isRefused }: WhatProps) {
  const { kind, thumbprint, supersededAt, refusedAt } = credential;
  return (
    <div>
      <Text
        size="sm"
        fw={supersededAt ? 400 : 600}
        ff="monospace"
        style={{ overflowWrap: "anywhere" }}
      >
        {nameOf(credential)}
      </Text>
      <Text size="xs" c="dimmed">
        {KIND_LABELS[kind]}
        {thumbprint && !supersededAt && (
          <>
            {" · "}
            <Anchor
              href={`/api/cloudProviders/${cloudProviderId}/certificates/${thumbprint}`}
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
        <Origin credential={credential} />
      </Text>
      {refusedAt && (isRefused || supersededAt) && (
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

function Origin({ credential }: { credential: CredentialRow }) {
  const { origin, createdAt, createdByName } = credential;
  const when = <RelativeTime at={createdAt} />;
  if (origin === "rotated") return <>created by Postkey {when}</>;
  if (origin === "made")
    return (
      <>
        created by Postkey, put in use {when} by {createdByName}
      </>
    );
  if (origin === "restored")
    return (
      <>
        put in use again {when} by {createdByName}
      </>
    );
  return (
    <>
      entered {when} by {createdByName}
    </>
  );
}

type CredentialStandingProps = {
  cloudProviderId: string;
  service: ServiceId;
  credential: CredentialRow;
  isRefused: boolean;
};

function CredentialStanding(props: CredentialStandingProps) {
  const { credential, cloudProviderId, service, isRefused } = props;
  if (!credential.supersededAt)
    return (
      <Stack gap={4} align="flex-end" style={{ whiteSpace: "nowrap" }}>
        <InUseBadge credential={credential} isRefused={isRefused} />
        <Text size="sm" component="div" ta="right">
          <End service={service} expiresAt={credential.expiresAt} />
        </Text>
        <ChangeExpiry cloudProviderId={cloudProviderId} service={service} credential={credential} />
      </Stack>
    );
  return (
    <Stack gap={4} align="flex-end">
      <Text size="sm" c="dimmed" ta="right">
        replaced <RelativeTime at={credential.supersededAt} />
      </Text>
      {isKept(credential) && (
        <UseAgainButton cloudProviderId={cloudProviderId} version={credential.version} />
      )}
    </Stack>
  );
}

type ChangeExpiryProps = Omit<CredentialStandingProps, "isRefused">;

/** Only people know when a secret that they entered expires. */
function ChangeExpiry({ credential, ...provider }: ChangeExpiryProps) {
  const { kind, origin, version, expiresAt } = credential;
  if (kind !== "client_secret" || origin === "rotated" || !expiresAt) return null;
  return <ChangeExpiryButton {...provider} version={version} expiresAt={expiresAt} />;
}

type EndProps = { service: ServiceId; expiresAt: Date | null };

/** Where secrets don't expire, it is the day to replace them by. */
function End({ service, expiresAt }: EndProps) {
  if (!expiresAt) return <>does not expire</>;
  return (
    <>
      {PLATFORMS[service].endlessSecrets ? "replace it by" : "expires"}{" "}
      <ExpiryText at={expiresAt} />
    </>
  );
}

function InUseBadge({ credential, isRefused }: { credential: CredentialRow; isRefused: boolean }) {
  if (isRefused && credential.refusedAt) return <Badge tint="red">Refused</Badge>;
  return credential.provedAt ? (
    <Badge tint="teal">Proved</Badge>
  ) : (
    <Badge tint="yellow">Not proved yet</Badge>
  );
}

function isKept({ keptUntil, expiresAt }: CredentialRow): boolean {
  const now = wallTime();
  return keptUntil !== null && keptUntil > now && (expiresAt === null || expiresAt > now);
}
