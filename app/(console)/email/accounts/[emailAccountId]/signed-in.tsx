import type { CloudProviderDetail } from "@/lib/registrations/schema";
import { remedyFor } from "../../../settings/cloud-providers/[cloudProviderId]/remedy-for";
import { SignInOutcome } from "../../../settings/cloud-providers/[cloudProviderId]/sign-in-outcome";
import type { Arrival } from "./arrival";

type SignedInProps = { arrival: Arrival; provider: CloudProviderDetail | null };

/** What came of a sign-in that was for this account. */
export function SignedIn({ arrival: { requestId, outcome }, provider }: SignedInProps) {
  if (!requestId || !outcome || !provider) return null;
  const remedy = outcome.kind === "failed" ? remedyFor(outcome.remedyId, provider) : undefined;
  return (
    <SignInOutcome
      outcome={outcome}
      authorizationRequestId={requestId}
      providerName={provider.name}
      service={provider.service}
      next="Its connection test is below."
      {...(remedy && { remedy })}
    />
  );
}
