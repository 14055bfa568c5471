import { InlineLink } from "@/components/links";
import { routes } from "@/components/routes";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
import type { Outcome } from "@/lib/sign-ins/schema";
import { signInRemedy } from "./remedy-for";
import { SignInOutcome } from "./sign-in-outcome";

type ProviderOutcomeProps = { requestId: string; outcome: Outcome; provider: CloudProviderDetail };

/** What became of the sign-in that the browser came back from. */
export function ProviderOutcome({ requestId, outcome, provider }: ProviderOutcomeProps) {
  const remedy = outcome.kind === "failed" ? signInRemedy(outcome.remedyId, provider) : undefined;
  return (
    <SignInOutcome
      outcome={outcome}
      authorizationRequestId={requestId}
      providerName={provider.name}
      service={provider.service}
      {...(provider.accountCount > 0 && { next: <TestedNow id={provider.id} /> })}
      {...(remedy && { remedy })}
    />
  );
}

function TestedNow({ id }: { id: string }) {
  return (
    <>
      Postkey tests the accounts that wait for it.{" "}
      <InlineLink href={routes.accountsOfProvider(id)}>
        Show the accounts of this provider
      </InlineLink>
    </>
  );
}
