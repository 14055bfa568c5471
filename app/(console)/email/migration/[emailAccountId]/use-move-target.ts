"use client";

import { useEffect, useState } from "react";
import type { MoveAccount, MoveTarget } from "@/lib/migration/schema";
import { findMoveTargetAction } from "../actions";

/** How long typing has to pause before the server is asked. */
const PAUSE_MS = 300;

type Answer = { asked: string; target: MoveTarget | null };

/**
 * Whether the user name that is typed is signed in at the provider that is chosen.
 * @returns null until the server said so
 */
export function useMoveTarget(input: MoveAccount, initial: MoveTarget | null): MoveTarget | null {
  const { emailAccountId, cloudProviderId, username } = input;
  const asked = JSON.stringify({ emailAccountId, cloudProviderId, username: username.trim() });
  const [answer, setAnswer] = useState<Answer>({ asked, target: initial });

  useEffect(() => {
    if (answer.asked === asked) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const question = { emailAccountId, cloudProviderId, username };
      const result = await findMoveTargetAction(question).catch(() => null);
      if (isCurrent) setAnswer({ asked, target: result?.ok ? result.data : null });
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [answer.asked, asked, emailAccountId, cloudProviderId, username]);

  return answer.asked === asked ? answer.target : null;
}
