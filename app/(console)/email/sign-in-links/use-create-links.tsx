"use client";

import { useState } from "react";
import { notifyProblem } from "@/components/notify";
import { showOnce } from "@/components/shown-once-store";
import { useAnswer } from "@/components/use-action";
import type { LinksOf } from "@/lib/email-accounts/bulk/schema";
import type { LinkPerson, NewSignInLink } from "@/lib/sign-ins/links/schema";
import { createLinksAction, findLinksOfAction } from "../accounts/actions";
import { LinksDialog } from "./links-dialog";

export function useCreateLinks(of: LinksOf) {
  const [replaces, setReplaces] = useState(false);
  const { data: people = null, problem, askAgain } = useAnswer(() => findLinksOfAction(of));
  const plan = planOf(people ?? [], replaces);
  const create = () => createLinksAction({ of, replaces: plan.replaced > 0 });
  return { people, problem, plan, replaces, setReplaces, create, askAgain };
}

/** @returns whether there are any: everyone may have had a working link */
export function showLinks(links: readonly NewSignInLink[]): boolean {
  if (links.length === 0) {
    notifyProblem("Each of them has a link that works. Nothing was created.");
    return false;
  }
  showOnce(<LinksDialog links={links} />);
  return true;
}

/** By default no link stops working. */
function planOf(people: readonly LinkPerson[], choice: boolean) {
  const open = people.filter((person) => person.open !== null).length;
  const isAll = choice || open === people.length;
  const created = isAll ? people.length : people.length - open;
  const replaced = isAll ? open : 0;
  const verb = created > 0 && replaced === created ? "Replace" : "Create";
  const label = `${verb} ${created === 1 ? "link" : `${created.toLocaleString("en")} links`}`;
  return { created, replaced, ...wordsOf(people, { verb, label }) };
}

type Words = { verb: "Create" | "Replace"; label: string };

function wordsOf(people: readonly LinkPerson[], { verb, label }: Words) {
  const [first] = people;
  if (!first) return { title: "Create sign-in links", label: "Create links" };
  if (people.length > 1) return { title: `${label.replace("link", "sign-in link")}?`, label };
  const article = verb === "Replace" ? "the" : "a";
  return { title: `${verb} ${article} sign-in link for ${first.username}?`, label };
}
