import { useEffect, useEffectEvent, useState } from "react";
import type { ActionResult } from "@/lib/http/schema";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { attempt } from "./use-action";

export type SearchChoices = (search: string) => Promise<ActionResult<Choices>>;

type Answer = { search: string; result: ActionResult<Choices> };

/** The first choices come with the page; known matches show until the server answers. */
export function useChoices({ first, find }: { first: Choices; find: SearchChoices }) {
  const [search, setSearch] = useState("");
  const [answer, setAnswer] = useState<Answer>();
  const ask = useEffectEvent((wanted: string) => find(wanted));
  const wanted = search.trim();

  useEffect(() => {
    if (wanted === "") return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const result = await attempt(() => ask(wanted));
      if (isCurrent) setAnswer({ search: wanted, result });
    }, 250);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [wanted]);

  return { setSearch, ...found({ first, wanted, answer }) };
}

export type Found = Choices & { isLoading: boolean; problem: string | null };

type Asked = { first: Choices; wanted: string; answer: Answer | undefined };

function found({ first, wanted, answer }: Asked): Found {
  if (wanted === "") return { ...first, isLoading: false, problem: null };
  if (answer?.search !== wanted) {
    const known = [...first.found, ...(answer?.result.ok ? answer.result.data.found : [])];
    const fitting = new Map(known.filter(fits(wanted)).map((choice) => [choice.id, choice]));
    return { found: [...fitting.values()], hasMore: false, isLoading: true, problem: null };
  }
  if (!answer.result.ok)
    return { found: [], hasMore: false, isLoading: false, problem: answer.result.error.message };
  return { ...answer.result.data, isLoading: false, problem: null };
}

function fits(wanted: string) {
  const part = wanted.toLowerCase();
  return ({ name, detail = "" }: Choice) => `${name} ${detail}`.toLowerCase().includes(part);
}
