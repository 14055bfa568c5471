"use client";

import { Button, List, Loader, Text } from "@mantine/core";
import { Dialog } from "@/components/dialog";
import { FormProblem } from "@/components/form-problem";
import { useAnswer } from "@/components/use-action";
import type { Selection, SignInPlan } from "@/lib/email-accounts/bulk/schema";
import { counted } from "@/lib/kernel/text/schema";
import { listSignInsAction } from "./actions";
import { CreateLinks } from "./create-links";
import { type PersonAt, SignInPeople } from "./sign-in-people";

type BulkSignInDialogProps = {
  selection: Selection;
  onDone: () => void;
  onClose: () => void;
};

export function BulkSignInDialog({ selection, onDone, onClose }: BulkSignInDialogProps) {
  const { data: plan, problem } = useAnswer(() => listSignInsAction(selection));
  const people = plan ? peopleOf(plan) : [];
  // People without a link still have to be dealt with here.
  const end = (created: number) => {
    if (created < people.length) return;
    onDone();
    onClose();
  };
  return (
    <Dialog
      title={!plan ? "Sign in" : titleOf(people.length)}
      size="xl"
      onClose={onClose}
      buttons={
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      }
    >
      {problem && <FormProblem problem={problem} />}
      {!plan && problem === null && <Loader size="sm" />}
      {plan && <CreateLinks selection={selection} onCreated={end} />}
      {plan && <Others others={plan.others} hasPeople={people.length > 0} />}
      {plan && <SignInPeople people={people} />}
    </Dialog>
  );
}

function titleOf(people: number): string {
  if (people === 0) return "No one has to sign in";
  return `${counted(people, "sign-in is", "sign-ins are")} needed`;
}

function peopleOf({ providers }: SignInPlan): PersonAt[] {
  return providers.flatMap((provider) => provider.people.map((person) => ({ person, provider })));
}

const WHY: Readonly<Record<string, string>> = {
  connected: "signed in already",
  test_failed: "signed in already; the last test failed",
  retrying: "signed in already; Postkey is retrying",
  no_provider: "without a cloud provider: move them to one first",
  not_signed_in: "without a cloud provider: move them to one first",
  fix_registration: "waiting for the registration of their provider to be fixed",
  locked: "locked by the platform: unlock them there first",
  password: "signing in with a password: use Migration",
  inactive: "inactive: activate them first",
};

function Others({ others, hasPeople }: { others: SignInPlan["others"]; hasPeople: boolean }) {
  if (others.length === 0) return null;
  return (
    <div>
      <Text size="sm">
        {hasPeople ? "A sign-in changes nothing for these accounts:" : "Of the selected accounts:"}
      </Text>
      <List size="sm">
        {others.map(({ state, accounts }) => (
          <List.Item key={state}>
            {counted(accounts, "account")} {accounts === 1 ? "is" : "are"} {WHY[state] ?? state}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
