"use client";

import { Button, Loader, Stack, Text } from "@mantine/core";
import { IconMailShare } from "@tabler/icons-react";
import { useContext, useState } from "react";
import { CloseDialog } from "@/components/close-dialog";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { FormProblem } from "@/components/form-problem";
import { notifyProblem } from "@/components/notify";
import { showOnce } from "@/components/shown-once";
import { useAction, useAnswer } from "@/components/use-action";
import type { LinksOf, Selection } from "@/lib/email-accounts/bulk/schema";
import { counted } from "@/lib/kernel/text/schema";
import { mailboxesText } from "@/lib/sign-ins/links/mailbox-names";
import { LINK_HOURS, type LinkPerson, type NewSignInLink } from "@/lib/sign-ins/links/schema";
import { createLinksAction, findLinksOfAction } from "../accounts/actions";
import { LinksDialog } from "./links-dialog";
import { endText, ReplaceChoice } from "./replace-choice";

export function CreateLinksDialog({ of }: { of: LinksOf }) {
  const close = useContext(CloseDialog);
  const { people, problem, plan, replaces, setReplaces, create } = useCreateLinks(of);
  return (
    <ConfirmDialog
      title={plan.title}
      confirmLabel={plan.label}
      isDisabled={plan.created === 0}
      problem={problem}
      action={create}
      onSuccess={(links) => {
        close();
        showLinks(links);
      }}
    >
      {people === null && problem === null && <Loader size="sm" />}
      {people && <ReplaceChoice people={people} replaces={replaces} onChange={setReplaces} />}
      {people && <Opened people={people} />}
      <Text>
        Owners sign their mailboxes in with the link, without an account in Postkey. A link works
        once, within {LINK_HOURS} hours.
      </Text>
    </ConfirmDialog>
  );
}

function Opened({ people }: { people: readonly LinkPerson[] }) {
  const [only] = people.length === 1 ? people : [];
  if (!only) return null;
  return (
    <Text style={{ overflowWrap: "anywhere" }}>
      {only.username} signs in for {mailboxesText(only.mailboxes)}.
    </Text>
  );
}

type CreateLinksProps = { selection: Selection; onCreated?: (count: number) => void };

export function CreateLinks({ selection, onCreated }: CreateLinksProps) {
  const { people, problem, plan, replaces, setReplaces, create, askAgain } =
    useCreateLinks(selection);
  const { isBusy, run } = useAction();
  const [isAsking, setAsking] = useState(false);
  const [created, setCreated] = useState(0);
  if (problem) return <FormProblem problem={problem} />;
  if (people === null || people.length === 0) return null;
  const show = (links: readonly NewSignInLink[]) => {
    setAsking(false);
    if (!showLinks(links)) return void askAgain();
    setCreated(links.length);
    onCreated?.(links.length);
  };
  if (created > 0)
    return <Text role="status">{counted(created, "link was", "links were")} created.</Text>;
  return (
    <Stack gap="sm">
      <div>
        <Text>
          You can let owners sign in their own mailboxes: each with a link, without an account here.
          A link works once, within {LINK_HOURS} hours.
        </Text>
        <Text>
          {counted(people.length, "person still has", "people still have")} to sign in for these
          accounts{people.length > 1 && ", some of them perhaps for several"}.
        </Text>
      </div>
      <ReplaceChoice people={people} replaces={replaces} onChange={setReplaces} />
      <Button
        variant="default"
        style={{ alignSelf: "flex-start" }}
        leftSection={<IconMailShare size={16} />}
        loading={isBusy}
        onClick={() => (plan.replaced > 0 ? setAsking(true) : run(create, show))}
      >
        {plan.label}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={plan.title}
          confirmLabel={plan.label}
          isDangerous
          action={create}
          onSuccess={show}
          onClose={() => setAsking(false)}
        >
          <Text>{endText(plan.replaced)}</Text>
        </ConfirmDialog>
      )}
    </Stack>
  );
}

function useCreateLinks(of: LinksOf) {
  const [replaces, setReplaces] = useState(false);
  const { data: people = null, problem, askAgain } = useAnswer(() => findLinksOfAction(of));
  const plan = planOf(people ?? [], replaces);
  const create = () => createLinksAction({ of, replaces: plan.replaced > 0 });
  return { people, problem, plan, replaces, setReplaces, create, askAgain };
}

/** @returns whether there are any: everyone may have had a working link */
function showLinks(links: readonly NewSignInLink[]): boolean {
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
