import { Group, Text } from "@mantine/core";
import { Badge } from "@/components/badge";
import { dayText } from "@/components/day";
import { InlineLink } from "@/components/links";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { Section } from "@/components/section";
import type { AttemptRow } from "@/lib/devices/attempts/schema";
import type { RevokedDevice } from "@/lib/devices/queries";
import { AttemptTable } from "./attempt-table";

type RevokedPageProps = { device: RevokedDevice; attempts: AttemptRow[] };

export function RevokedPage({ device, attempts }: RevokedPageProps) {
  const { name, emailAccountId, accountName, revokedAt, revokedByName } = device;
  return (
    <Page
      title={name}
      parent={{ href: routes.devices, label: "Devices" }}
      description={
        <Group gap="xs" mt={6}>
          <Badge tint="gray" icon="x">
            Revoked
          </Badge>
          <span>
            Revoked on {dayText(revokedAt)} (<RelativeTime at={revokedAt} />)
            {revokedByName && ` by ${revokedByName}`}. It was for{" "}
            <InlineLink href={routes.emailAccount(emailAccountId)}>{accountName}</InlineLink>.
          </span>
        </Group>
      }
    >
      <Section title="Sign-ins">
        {attempts.length === 0 ? (
          <Text size="sm" c="dimmed">
            No sign-ins are kept.
          </Text>
        ) : (
          <AttemptTable attempts={attempts} emailAccountId={emailAccountId} />
        )}
      </Section>
    </Page>
  );
}
