import type { CloudProviderDetail } from "@/lib/registrations/rows/schema";
import type { Outcome, SignInFailure } from "@/lib/sign-ins/schema";

export type Asked = "answer" | "code" | "prove_pending" | "prove" | "repair" | "sign_in";

type Standing = {
  provider: CloudProviderDetail;
  failures: readonly SignInFailure[];
  outcome: Outcome | null;
  isWaiting: boolean;
};

export function askedOf({ provider, failures, outcome, isWaiting }: Standing): Asked {
  if (outcome?.kind === "confirm") return "answer";
  if (isWaiting) return "code";
  if (provider.pendingCertificate) return "prove_pending";
  if (provider.credentialInUse && !provider.credentialInUse.provedAt) return "prove";
  const isWrong = provider.failureId !== null || provider.redirectFailureId !== null;
  return failures.length > 0 || isWrong ? "repair" : "sign_in";
}
