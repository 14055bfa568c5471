import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import type { CloudProviderDetail } from "@/lib/registrations/rows/schema";
import { signInRemedy } from "../../../settings/cloud-providers/[cloudProviderId]/remedy-for";
import { SignInOutcome } from "../../../settings/cloud-providers/[cloudProviderId]/sign-in-outcome";
import type { Arrival } from "./arrival";

type ArrivedProps = {
  account: EmailAccountDetail;
  arrival: Arrival;
  provider: CloudProviderDetail | null;
};

export function Arrived({ account, arrival, provider }: ArrivedProps) {
  const { requestId, outcome } = arrival;
  if (!requestId || !outcome || !provider) return null;
  const remedy =
    outcome.kind === "failed" ? signInRemedy(outcome.remedyId, provider, account) : undefined;
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
