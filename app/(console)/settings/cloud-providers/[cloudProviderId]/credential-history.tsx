import { Anchor, Group, Paper, Stack, Text } from "@mantine/core";
import { RelativeTime } from "@/components/relative-time";
import type { CredentialRow, ServiceId } from "@/lib/registrations/schema";
import { CredentialStanding } from "./credential-standing";

type CredentialHistoryProps = {
  cloudProviderId: string;
  service: ServiceId;
  credentials: CredentialRow[];
  /** Whether the platform refuses the registration now. */
  isRefused: boolean;
};

/** The credential in use and those before it: what it is, when, by whom, until when. */
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

/** What tells one credential from another, without saying it. */
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
