import { Paper, Stack, Text } from "@mantine/core";
import { Can } from "@/components/can";
import { dayText } from "@/components/day";
import { InlineLink } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { RemedyBody, RemedyPanel } from "@/components/remedy-panel";
import { routes } from "@/components/routes";
import { wallTime } from "@/lib/kernel/clock";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import { rotatesAt } from "@/lib/registrations/schema";
import { remedyFor } from "./remedy-for";
import { RenewalSwitch } from "./renewal-switch";

type AutomaticRenewalProps = { provider: CloudProviderDetail; hasGraph: boolean };

export function AutomaticRenewal({ provider, hasGraph }: AutomaticRenewalProps) {
  const inUse = provider.credentialInUse;
  if (!hasGraph && !provider.autoRotate)
    return (
      <Paper withBorder p="md" radius="md">
        <Text>
          Renew this provider's secret by hand, because{" "}
          <InlineLink href={routes.remedy("graph.not_in_cloud")}>
            its cloud has no Microsoft Graph address
          </InlineLink>
          .
        </Text>
      </Paper>
    );
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        <Can
          permission="providers:write"
          otherwise={
            <Text>
              Postkey {provider.autoRotate ? "renews" : "does not renew"} the secret automatically.
            </Text>
          }
        >
          <RenewalSwitch
            cloudProviderId={provider.id}
            isOn={provider.autoRotate}
            version={inUse?.version ?? 0}
          />
        </Can>
        {provider.autoRotate && inUse?.expiresAt && (
          <Text>
            <NextRenewal provider={provider} endsAt={inUse.expiresAt} />
          </Text>
        )}
        {provider.rotationFailureId && (
          <RemedyPanel remedy={remedyFor(provider.rotationFailureId, provider)} />
        )}
        {!provider.autoRotate && (
          <details>
            <Text component="summary" mb="xs" style={{ cursor: "pointer" }}>
              How to grant the permission
            </Text>
            <RemedyBody remedy={remedyFor("graph.permission_missing", provider)} />
          </details>
        )}
      </Stack>
    </Paper>
  );
}

function NextRenewal({ provider, endsAt }: { provider: CloudProviderDetail; endsAt: Date }) {
  const { newSecretMadeAt, rotationFailedAt } = provider;
  if (newSecretMadeAt)
    return (
      <>
        A new secret was created <RelativeTime at={newSecretMadeAt} />. Postkey switches to it once
        Microsoft's sign-in servers accept it.
      </>
    );
  if (rotationFailedAt)
    return (
      <>
        The last attempt failed <RelativeTime at={rotationFailedAt} />. The current secret expires
        on {dayText(endsAt)}.
      </>
    );
  const nextAt = rotatesAt(endsAt);
  if (nextAt <= wallTime()) return <>The secret is due and will be renewed within a few minutes.</>;
  return (
    <>
      The next renewal is on {dayText(nextAt)} (<RelativeTime at={nextAt} />
      ).
    </>
  );
}
