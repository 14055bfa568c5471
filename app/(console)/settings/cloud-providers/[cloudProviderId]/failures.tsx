import { Text } from "@mantine/core";
import { RemedyPanel } from "@/components/remedy-panel";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
import type { SignInFailure } from "@/lib/sign-ins/schema";
import { remedyFor } from "./remedy-for";

type FailuresProps = {
  provider: CloudProviderDetail;
  failures: SignInFailure[];
  /** Whether the first of them is what the page asks to repair. */
  isPrimary: boolean;
};

/** So many people are named; the table below has all of them. */
const NAMED = 20;

/** What needs a person, each cause once: for those signed in, and for the registration. */
export function Failures({ provider, failures, isPrimary }: FailuresProps) {
  const told = new Set(failures.map(({ failureId }) => failureId));
  const ofProvider = [provider.failureId, provider.redirectFailureId].flatMap((failureId) =>
    failureId === null || told.has(failureId) ? [] : [failureId],
  );
  return (
    <>
      {failures.map(({ failureId, names, failureText, failingSince, ...concerned }, index) => (
        <div key={failureId}>
          <Text size="sm" fw={600} mb={4} style={{ overflowWrap: "anywhere" }}>
            {names.slice(0, NAMED).join(", ")}
            {concerned.count > NAMED && ` and ${concerned.count - NAMED} more`}
          </Text>
          <RemedyPanel
            remedy={remedyFor(failureId, provider, concerned)}
            detail={failureText}
            at={failingSince}
            isPrimary={isPrimary && index === 0}
          />
        </div>
      ))}
      {ofProvider.map((failureId, index) => (
        <RemedyPanel
          key={failureId}
          remedy={remedyFor(failureId, provider)}
          isPrimary={isPrimary && failures.length + index === 0}
        />
      ))}
    </>
  );
}
