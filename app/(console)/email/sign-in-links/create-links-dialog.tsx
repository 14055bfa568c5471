"use client";

import { Loader, Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifyProblem } from "@/components/notify";
import type { LinksOf } from "@/lib/email-accounts/bulk/schema";
import { mailboxesText } from "@/lib/sign-ins/links/mailbox-names";
import type { LinkPerson, NewSignInLink } from "@/lib/sign-ins/links/schema";
import { createLinksAction } from "../accounts/actions";
import { LinksDialog } from "./links-dialog";
import { ReplaceChoice } from "./replace-choice";
import { useLinkPeople } from "./use-link-people";

type CreateLinksDialogProps = { of: LinksOf; onCreated?: () => void; onClose: () => void };

/** Links for owners of mailboxes: what they have now, then created, and shown the only time. */
export function CreateLinksDialog({ of, onCreated, onClose }: CreateLinksDialogProps) {
  const [links, setLinks] = useState<readonly NewSignInLink[] | null>(null);
  const [replaces, setReplaces] = useState(false);
  const { people, problem } = useLinkPeople(of);
  if (links) return <LinksDialog links={links} onClose={onClose} />;
  const plan = planOf(people ?? [], replaces);
  const show = (created: readonly NewSignInLink[]) => {
    if (created.length > 0) {
      onCreated?.();
      return setLinks(created);
    }
    notifyProblem("Each of them has a link that works. Nothing was created.");
    onClose();
  };
  return (
    <ConfirmDialog
      title={plan.title}
      confirmLabel={plan.label}
      isDisabled={plan.created === 0}
      problem={problem}
      action={() => createLinksAction({ of, replaces: plan.replaced > 0 })}
      onSuccess={show}
      onClose={onClose}
    >
      {people === null && problem === null && <Loader size="sm" aria-label="Loading" />}
      {people && <ReplaceChoice people={people} replaces={replaces} onChange={setReplaces} />}
      {people && <Opened people={people} />}
      <Text size="sm">
        Owners sign their mailboxes in with the link, without an account in Postkey. A link works
        once, within 72 hours.
      </Text>
    </ConfirmDialog>
  );
}

/** How many links are created, and how many stop working for that: by default none. */
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

/** What the one person opens, where that is more than the name that signs in. */
function Opened({ people }: { people: readonly LinkPerson[] }) {
  const [only] = people.length === 1 ? people : [];
  if (!only) return null;
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      {only.username} signs in for {mailboxesText(only.mailboxes)}.
    </Text>
  );
}
