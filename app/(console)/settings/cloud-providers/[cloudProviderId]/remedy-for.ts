import { repairObjectOf } from "@/lib/email-accounts/repair-object";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import { remedyContext } from "@/lib/registrations/remedy-context";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { Remedy } from "@/lib/remedies/remedy";
import type { SignInFailure } from "@/lib/sign-ins/schema";

type Concerned = Pick<SignInFailure, "usernames" | "authorizationIds" | "count">;
const NOBODY: Concerned = { usernames: [], authorizationIds: [], count: 0 };

export function signInRemedy(
  remedyId: string,
  provider: CloudProviderDetail,
  account?: EmailAccountDetail,
): Remedy {
  const { id, credentialKind, grant } = provider;
  const object = account
    ? repairObjectOf(account)
    : { provider: { id, credentialKind, grant }, service: provider.service };
  const context = { ...remedyContext(provider), object, once: "sign_in" } as const;
  return fillRemedy(findRemedy(remedyId), context);
}

export function remedyFor(
  remedyId: string,
  provider: CloudProviderDetail,
  { usernames, authorizationIds, count }: Concerned = NOBODY,
): Remedy {
  const names = usernames.map((username) => ({ mailbox: username, login: username }));
  const { id, credentialKind, grant } = provider;
  const signIns = usernames.flatMap((username, at) => {
    const authorizationId = authorizationIds[at];
    return authorizationId === undefined
      ? []
      : [{ username, of: { subject: "authorization" as const, authorizationId } }];
  });
  const object = { provider: { id, credentialKind, grant }, signIns };
  const context = { ...remedyContext(provider), object };
  return fillRemedy(findRemedy(remedyId), context, { names, count });
}
