import { Text } from "@mantine/core";
import { type Fact, FactList } from "@/components/fact-list";
import { RelativeTime } from "@/components/relative-time";
import { Section } from "@/components/section";
import type { FactorsOf } from "@/lib/people/factors/schema";

type FactorsSectionProps = { name: string; factors: FactorsOf };

export function FactorsSection({ name, factors }: FactorsSectionProps) {
  const facts = factsOf(factors);
  return (
    <Section title="Second factors">
      {facts.length > 0 ? (
        <FactList facts={facts} />
      ) : (
        <Text size="sm">{name} has no second factor.</Text>
      )}
    </Section>
  );
}

function factsOf({ appSince, appUsedAt, recoveryCodesLeft, passkeys }: FactorsOf): Fact[] {
  const app = appSince
    ? [
        { label: "Authenticator app", value: <LastUse at={appUsedAt} /> },
        { label: "Recovery codes left", value: recoveryCodesLeft },
      ]
    : [];
  const keys = passkeys.map(({ name, lastUsedAt }) => ({
    label: `Passkey ${name}`,
    value: <LastUse at={lastUsedAt} />,
  }));
  return [...app, ...keys];
}

function LastUse({ at }: { at: Date | null }) {
  return at ? (
    <>
      last used <RelativeTime at={at} />
    </>
  ) : (
    "not used yet"
  );
}
