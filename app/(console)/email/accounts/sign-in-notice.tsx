import { Alert } from "@mantine/core";
import { useEffect, useState } from "react";
import { findSignInAction } from "@/app/(console)/choices/actions";
import { isByItself } from "@/lib/oauth/schema";
import { signInStands } from "@/lib/sign-ins/schema";
import type { FoundSignIn } from "@/lib/sign-ins/signed-in/queries";

type SignInNoticeProps = { found: SignInSearch; sharedMailbox: string | null; isTested: boolean };

export function SignInNotice({ found, sharedMailbox, isTested }: SignInNoticeProps) {
  const { provider, username, isCurrent } = found;
  const isToldNow = provider && (isByItself(provider.grant) || (isCurrent && isAddress(username)));
  const notice = isToldNow ? noticeOf(provider, { username, isTested }) : null;
  return (
    <div role="status">
      {notice && (
        <Alert color={notice.isGood ? "teal" : "yellow"}>
          {notice.text}
          {sharedMailbox !== null && provider && !isByItself(provider.grant) && (
            <> {accessText(username, sharedMailbox.trim())}</>
          )}
        </Alert>
      )}
    </div>
  );
}

type Notice = { isGood: boolean; text: string };

type Typed = { username: string; isTested: boolean };

function noticeOf({ providerName, grant, signedIn }: FoundSignIn, typed: Typed): Notice {
  const { username, isTested } = typed;
  if (isByItself(grant))
    return {
      isGood: true,
      text: `No one has to sign in: at ${providerName}, the application opens the mailbox by itself.`,
    };
  if (signedIn && signInStands(signedIn.state)) {
    // While a sign-in is retried, tests wait.
    const isTestedAtOnce = isTested && signedIn.state === "connected";
    const then = isTestedAtOnce ? " Postkey tests the account as soon as it is saved." : "";
    return { isGood: true, text: `${username} is signed in at ${providerName}.${then}` };
  }
  if (signedIn?.shownState === "blocked_by_policy" || signedIn?.shownState === "refused")
    return {
      isGood: false,
      text: `${username} is signed in at ${providerName}, which refuses this sign-in now. Signing in again does not help. The cloud provider's page here says why.`,
    };
  const again = "Once the account is saved, Postkey offers the sign-in as";
  const how = grant === "device_code" ? ", with a code for another device" : "";
  const then = `${again} ${username}${how}, and then tests the account.`;
  return {
    isGood: false,
    text: signedIn
      ? `${username} has to sign in again at ${providerName}. ${then}`
      : `No one is signed in as ${username} at ${providerName} yet. ${then}`,
  };
}

function accessText(username: string, mailbox: string): string {
  return `${username} needs the permissions Full Access and Send As on ${mailbox || "the shared mailbox"}.`;
}

/** A name still being typed is not reported as unknown. */
function isAddress(text: string): boolean {
  const [person = "", domain = "", ...more] = text.split("@");
  const [ending = "", ...labels] = domain.split(".").toReversed();
  return person !== "" && more.length === 0 && labels.some(Boolean) && ending.length > 1;
}

type Asked = { cloudProviderId: string | null; username: string };
type Answer = { cloudProviderId: string; username: string; provider: FoundSignIn | null };

export type SignInSearch = {
  username: string;
  /** null until the server answered */
  provider: FoundSignIn | null;
  isCurrent: boolean;
};

export function useSignIn({ cloudProviderId, username: typed }: Asked): SignInSearch {
  const username = typed.trim();
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    if (cloudProviderId === null) return;
    let isWanted = true;
    const timer = setTimeout(async () => {
      const result = await findSignInAction({ cloudProviderId, username }).catch(() => null);
      if (isWanted && result?.ok) setAnswer({ cloudProviderId, username, provider: result.data });
    }, 300);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [cloudProviderId, username]);
  const provider = answer?.cloudProviderId === cloudProviderId ? answer.provider : null;
  return { username, provider, isCurrent: provider !== null && answer?.username === username };
}
