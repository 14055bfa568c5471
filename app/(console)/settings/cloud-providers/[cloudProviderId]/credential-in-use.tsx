import { Stack } from "@mantine/core";
import { SectionPages } from "@/components/list-footer";
import { Section } from "@/components/section";
import type { PageParameters } from "@/lib/kernel/turns/schema";
import type { CloudProviderDetail } from "@/lib/registrations/rows/schema";
import { findRemedy } from "@/lib/remedies/catalogue";
import type { Asked } from "./asked";
import { AutomaticRenewal } from "./automatic-renewal";
import { CredentialHistory } from "./credential-history";
import { remedyFor } from "./remedy-for";
import { PendingCertificate, UnprovedCredential } from "./unused-credential";

type CredentialInUseProps = {
  provider: CloudProviderDetail;
  hasGraph: boolean;
  asked: Asked;
  path: string;
  parameters: PageParameters;
};

export function CredentialInUse(props: CredentialInUseProps) {
  const { provider, hasGraph, asked, ...place } = props;
  return (
    <Section title="Credential">
      <Stack gap="sm">
        {provider.pendingCertificate && (
          <PendingCertificate
            cloudProviderId={provider.id}
            certificate={provider.pendingCertificate}
            uploadUrl={uploadUrlOf(provider)}
            isPrimary={asked === "prove_pending"}
          />
        )}
        <Unproved provider={provider} isPrimary={asked === "prove"} />
        <CredentialHistory
          cloudProviderId={provider.id}
          service={provider.service}
          credentials={provider.credentials}
          isRefused={provider.failureId !== null}
        />
        <SectionPages
          list={{ ...provider.credentialPage, rows: provider.credentials }}
          section="credentials"
          noun={{ one: "credential", many: "credentials" }}
          {...place}
        />
        {provider.canRenewSecrets && provider.credentialKind === "client_secret" && (
          <AutomaticRenewal
            provider={provider}
            hasGraph={hasGraph}
            grant={remedyFor("graph.permission_missing", provider)}
            failure={
              provider.rotationFailureId ? remedyFor(provider.rotationFailureId, provider) : null
            }
          />
        )}
      </Stack>
    </Section>
  );
}

type UnprovedProps = { provider: CloudProviderDetail; isPrimary: boolean };

function Unproved({ provider, isPrimary }: UnprovedProps) {
  const inUse = provider.credentialInUse;
  if (!inUse || inUse.provedAt) return null;
  const { thumbprint, expiresAt, refusedAs } = inUse;
  return (
    <UnprovedCredential
      cloudProviderId={provider.id}
      reason={refusedAs === null ? "" : findRemedy(refusedAs).title}
      certificate={thumbprint && expiresAt ? { thumbprint, expiresAt } : null}
      uploadUrl={uploadUrlOf(provider)}
      isPrimary={isPrimary}
    />
  );
}

function uploadUrlOf(provider: CloudProviderDetail): string | undefined {
  const { unknownCertificateId } = provider;
  return unknownCertificateId ? remedyFor(unknownCertificateId, provider).link?.url : undefined;
}
