import { RemedyPanel } from "@/components/remedy-panel";
import { repairObjectOf, whatStops } from "@/lib/email-accounts/repair-object";
import type { EmailAccountDetail } from "@/lib/email-accounts/schema";
import type { Actor } from "@/lib/kernel/actor";
import { isByItself } from "@/lib/registrations/registration/schema";
import { remedyContext } from "@/lib/registrations/remedy-context";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { Remedy, RemedyContext } from "@/lib/remedies/remedy";
import { findSignIn } from "@/lib/sign-ins/signed-in/queries";
import type { Asked } from "./asked";

type FailureProps = {
  actor: Actor;
  account: EmailAccountDetail;
  provider: CloudProviderDetail | null;
  asked: Asked;
};

/**
 * What the top of the page tells. What the last test found is told by its report, with its words; above it stands
 * that the sign-in is retried, which may be why.
 */
export function toldAboveOf(account: EmailAccountDetail): string | null {
  if (account.state !== "test_failed") return whatStops(account);
  return account.tokenState === "retrying" ? account.failureId : null;
}

/** What keeps the account from working, with what repairs it. */
export async function Failure({ actor, account, provider, asked }: FailureProps) {
  const remedyId = toldAboveOf(account);
  if (!remedyId) return null;
  const { cloudProviderId, username } = account;
  const isRetried = account.tokenState === "retrying" && cloudProviderId !== null;
  const found = isRetried ? await findSignIn(actor, { cloudProviderId, username }) : null;
  return (
    <RemedyPanel
      remedy={remedyOf(remedyId, provider, {
        mailbox: account.username,
        object: repairObjectOf(account),
      })}
      detail={account.failureText}
      at={account.failedAt}
      retriesAt={found?.signedIn?.refreshDueAt ?? null}
      isPrimary={asked === "repair"}
    />
  );
}

/** Whose inbox is followed, and who is to have a right to it: a person, or the application. */
export function inboxNames(
  account: EmailAccountDetail,
  provider: CloudProviderDetail | null,
): Names {
  const { emailAddress, username, mailbox } = account;
  const login = provider && isByItself(provider.grant) ? provider.clientId : username;
  return { mailbox: mailbox ?? emailAddress, login, object: repairObjectOf(account) };
}

type Names = Pick<RemedyContext, "mailbox" | "login" | "object">;

/** An entry of the catalogue, filled in for an account. */
export function remedyOf(id: string, provider: CloudProviderDetail | null, names: Names): Remedy {
  return fillRemedy(findRemedy(id), { ...(provider && remedyContext(provider)), ...names });
}
