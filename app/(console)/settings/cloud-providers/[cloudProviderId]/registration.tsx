import { SimpleGrid, Stack } from "@mantine/core";
import { Section } from "@/components/section";
import type { PageParameters } from "@/lib/kernel/turns/schema";
import type { CloudChoice, CloudProviderDetail } from "@/lib/registrations/schema";
import type { askedOf } from "./asked";
import { CredentialInUse } from "./credential-in-use";
import { RegistrationCheck } from "./registration-check";
import { RegistrationFacts } from "./registration-facts";

type RegistrationProps = {
  provider: CloudProviderDetail;
  /** Undefined when it is no longer configured. */
  cloud: CloudChoice | undefined;
  asked: ReturnType<typeof askedOf>;
  path: string;
  parameters: PageParameters;
};

/** The registration, beside the credential that it uses. */
export function Registration({ provider, cloud, asked, ...place }: RegistrationProps) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Section title="App registration">
        <Stack gap="sm">
          <RegistrationFacts provider={provider} cloud={cloud?.label ?? provider.cloud} />
          <RegistrationCheck
            // What was found is about what was checked: another credential makes it out of date.
            key={`${provider.version} ${provider.credentialInUse?.version}`}
            cloudProviderId={provider.id}
            isRefused={provider.failureId !== null}
          />
        </Stack>
      </Section>
      <CredentialInUse
        provider={provider}
        hasGraph={cloud?.hasGraph ?? false}
        asked={asked}
        {...place}
      />
    </SimpleGrid>
  );
}
