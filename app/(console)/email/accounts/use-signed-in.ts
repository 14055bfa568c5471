"use client";

import { useEffect, useState } from "react";
import { searchSignedInAction } from "@/app/(console)/choices/actions";
import type { Choices } from "@/lib/kernel/choices/schema";

type Answer = Choices & { isKnown: boolean };

/**
 * The first who are signed in at a provider; null until the server said so.
 * `isKnown`: whether the name that the form began with is one of them, or there is none yet.
 */
export function useSignedIn(cloudProviderId: string | null, username: string) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [began] = useState(username.trim().toLowerCase());
  useEffect(() => {
    if (cloudProviderId === null) return;
    let isCurrent = true;
    void ask(cloudProviderId, began).then((found) => isCurrent && setAnswer(found));
    return () => {
      isCurrent = false;
    };
  }, [cloudProviderId, began]);
  return { first: answer, isKnown: answer?.isKnown ?? true };
}

async function ask(cloudProviderId: string, began: string): Promise<Answer | null> {
  const search = (text: string) =>
    searchSignedInAction({ cloudProviderId, search: text }).catch(() => null);
  const [first, known] = await Promise.all([search(""), began === "" ? null : search(began)]);
  if (!first?.ok) return null;
  const isAmong = known?.ok && known.data.found.some(({ id }) => id === began);
  return { ...first.data, isKnown: began === "" || Boolean(isAmong) };
}
