import { Text } from "@mantine/core";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { repairObjectOf } from "@/lib/email-accounts/repair-object";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import type { Actor } from "@/lib/kernel/actor";
import { isByItself } from "@/lib/registrations/registration/schema";
import { remedyContext } from "@/lib/registrations/remedy-context";
import type { CloudProviderDetail } from "@/lib/registrations/rows/schema";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { Remedy, RemedyContext } from "@/lib/remedies/remedy";
import { findSignIn } from "@/lib/sign-ins/signed-in/queries";
import type { Asked } from "./asked";
import { toldAboveOf } from "./told";

type FailureProps = {
  actor: Actor;
  account: EmailAccountDetail;
  provider: CloudProviderDetail | null;
  asked: Asked;
};

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

export function LostReport({ account, provider, asked }: Omit<FailureProps, "actor">) {
  const { testFailureId, lastTestedAt } = account;
  const isShown = testFailureId !== null && testFailureId !== toldAboveOf(account);
  return (
    <>
      <Text size="sm">
        The last test failed
        {lastTestedAt && (
          <>
            {" "}
            <RelativeTime at={lastTestedAt} />
          </>
        )}
        . Its report is no longer stored. Test again to see every step.
      </Text>
      {isShown && (
        <RemedyPanel
          remedy={remedyOf(testFailureId, provider, inboxNames(account, provider))}
          isPrimary={asked === "repair_what_test_found"}
        />
      )}
    </>
  );
}

/** Whose inbox it is and who needs access to it: a person or the application. */
export function inboxNames(
  account: EmailAccountDetail,
  provider: CloudProviderDetail | null,
): Names {
  const { emailAddress, username, mailbox } = account;
  const login = provider && isByItself(provider.grant) ? provider.clientId : username;
  return { mailbox: mailbox ?? emailAddress, login, object: repairObjectOf(account) };
}

type Names = Pick<RemedyContext, "mailbox" | "login" | "object">;

export function remedyOf(id: string, provider: CloudProviderDetail | null, names: Names): Remedy {
  return fillRemedy(findRemedy(id), { ...(provider && remedyContext(provider)), ...names });
}
