import { type Actor, can } from "@/lib/kernel/actor";
import type { CloudProviderDetail } from "@/lib/registrations/rows/schema";
import { findUnreturned } from "@/lib/sign-ins/unreturned/queries";
import { UnreturnedSignIn } from "../../../settings/cloud-providers/[cloudProviderId]/unreturned-sign-in";

type NotReturnedProps = {
  actor: Actor;
  emailAccountId: string;
  provider: CloudProviderDetail | null;
};

export async function NotReturned({ actor, emailAccountId, provider }: NotReturnedProps) {
  if (!provider || !can(actor, "providers:read")) return null;
  const subject = { cloudProviderId: provider.id, emailAccountId };
  return <UnreturnedSignIn unreturned={await findUnreturned(actor, subject)} provider={provider} />;
}
