"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { attempt } from "@/components/use-action";
import type { LinksOf } from "@/lib/email-accounts/bulk/schema";
import type { ActionError } from "@/lib/http/schema";
import type { LinkPerson } from "@/lib/sign-ins/links/schema";
import { findLinksOfAction } from "../accounts/actions";

/** Who would get links, and what they have now; null until that is known. */
export function useLinkPeople(of: LinksOf) {
  const [people, setPeople] = useState<readonly LinkPerson[] | null>(null);
  const [problem, setProblem] = useState<ActionError | null>(null);
  const ask = useEffectEvent(async () => {
    const result = await attempt(() => findLinksOfAction(of));
    if (result.ok) setPeople(result.data);
    else setProblem(result.error);
  });
  useEffect(() => void ask(), []);
  return { people, problem, askAgain: ask };
}
