"use client";

import { useEffect, useState } from "react";
import { findSignInAction } from "@/app/(console)/choices/actions";
import type { FoundSignIn } from "@/lib/sign-ins/signed-in/schema";

const PAUSE_MS = 300;

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
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [cloudProviderId, username]);
  const provider = answer?.cloudProviderId === cloudProviderId ? answer.provider : null;
  return { username, provider, isCurrent: provider !== null && answer?.username === username };
}
