import { Stack, Text } from "@mantine/core";
import { Badge } from "@/components/badge";
import { ExpiryText } from "@/components/expiry-text";
import { RelativeTime } from "@/components/relative-time";
import { wallTime } from "@/lib/kernel/clock";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { CredentialRow, ServiceId } from "@/lib/registrations/schema";
import { ChangeExpiryButton } from "./change-expiry-button";
import { UseAgainButton } from "./use-again-button";

type CredentialStandingProps = {
  cloudProviderId: string;
  service: ServiceId;
  credential: CredentialRow;
  /** Whether the platform refuses the registration now. */
  isRefused: boolean;
};

/** Whether it is in use and until when, or since when it is not and whether there is a way back. */
export function CredentialStanding(props: CredentialStandingProps) {
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

/** Only people know until when a secret is valid that they entered. */
function ChangeExpiry({ credential, ...provider }: ChangeExpiryProps) {
  const { kind, origin, version, expiresAt } = credential;
  if (kind !== "client_secret" || origin === "rotated" || !expiresAt) return null;
  return <ChangeExpiryButton {...provider} version={version} expiresAt={expiresAt} />;
}

type EndProps = { service: ServiceId; expiresAt: Date | null };

/** Where secrets do not end by themselves, it is the day by which to replace them. */
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
