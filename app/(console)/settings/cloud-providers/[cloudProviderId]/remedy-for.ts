import { remedyContext } from "@/lib/registrations/remedy-context";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { Remedy } from "@/lib/remedies/remedy";

export function remedyFor(
  remedyId: string,
  provider: CloudProviderDetail,
  { usernames, count }: { usernames: string[]; count: number } = { usernames: [], count: 0 },
): Remedy {
  const names = usernames.map((username) => ({ mailbox: username, login: username }));
  const context = remedyContext(provider);
  return fillRemedy(findRemedy(remedyId), context, { names, count });
}
