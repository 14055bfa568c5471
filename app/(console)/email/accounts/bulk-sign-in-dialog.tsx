"use client";

import { Button, Group, List, Loader, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import {
  AuthenticateButton,
  ConnectButton,
} from "@/app/(console)/settings/cloud-providers/sign-in-buttons";
import { CopyIconButton } from "@/components/copy-field";
import { Dialog } from "@/components/dialog";
import { FormProblem } from "@/components/form-problem";
import { PagesInPlace, pageOf } from "@/components/pages-in-place";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/table";
import { useAnswer } from "@/components/use-action";
import type { Selection, SignInPerson, SignInPlan } from "@/lib/email-accounts/bulk/schema";
import { counted } from "@/lib/kernel/text/schema";
import { isByItself } from "@/lib/oauth/schema";
import { mailboxesText } from "@/lib/sign-ins/links/mailbox-names";
import { CreateLinks } from "../sign-in-links/create-links-dialog";
import { listSignInsAction } from "./actions";

type BulkSignInDialogProps = { selection: Selection; onDone: () => void; onClose: () => void };

export function BulkSignInDialog({ selection, onDone, onClose }: BulkSignInDialogProps) {
  const { data: plan, problem } = useAnswer(() => listSignInsAction(selection));
  const people = plan
    ? plan.providers.flatMap((provider) => provider.people.map((person) => ({ person, provider })))
    : [];
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
      <Text>
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

type Provider = SignInPlan["providers"][number];
type PersonAt = { person: SignInPerson; provider: Provider };

function SignInPeople({ people }: { people: PersonAt[] }) {
  const [page, setPage] = useState(0);
  const shown = pageOf(people, page);
  const providers = [...new Set(shown.map(({ provider }) => provider))];
  return (
    <>
      {providers.map((provider) => (
        <PeopleOf
          key={provider.id}
          provider={provider}
          people={shown.filter((each) => each.provider === provider)}
        />
      ))}
      <PagesInPlace
        page={page}
        count={people.length}
        noun={{ one: "sign-in", many: "sign-ins" }}
        onTurn={setPage}
      />
    </>
  );
}

function PeopleOf({ provider, people }: { provider: Provider; people: readonly PersonAt[] }) {
  const { id, name, grant, people: all } = provider;
  return (
    <Stack gap="xs" component="section">
      <Group gap="xs" justify="space-between">
        <Title order={3} size="h5">
          <RowLink href={routes.cloudProvider(id)}>{name}</RowLink>
        </Title>
        {all.length > 1 && (
          <Group gap={4}>
            <Text>Copy {all.length.toLocaleString("en")} names and where they sign in</Text>
            <CopyIconButton label={`sign-ins of ${name}`} value={linesOf(provider)} />
          </Group>
        )}
      </Group>
      {grant === "device_code" && (
        <Text c="dimmed">Each sign-in shows a code, which the person can type on any device.</Text>
      )}
      {people.map((each) => (
        <Person key={each.person.emailAccountId} {...each} />
      ))}
    </Stack>
  );
}

function Person({ person, provider }: PersonAt) {
  const { id, grant } = provider;
  const { username, accounts, mailboxes, emailAccountId } = person;
  const name = username || "The application";
  const look = { size: "xs", variant: "default" } as const;
  return (
    <Group gap="xs" justify="space-between" wrap="nowrap">
      <div>
        <Text style={{ overflowWrap: "anywhere" }}>{name}</Text>
        <Text size="xs" c="dimmed">
          {mailboxes.length === 0
            ? `for ${counted(accounts, "account")}`
            : `opens ${mailboxesText(mailboxes, MAILBOXES_NAMED)}`}
        </Text>
      </div>
      <Group gap={4} wrap="nowrap" style={{ flexShrink: 0 }}>
        <CopyIconButton label={`the address for ${name}`} value={addressOf({ person, provider })} />
        {isByItself(grant) ? (
          <ConnectButton label="Connect" cloudProviderId={id} grant={grant} {...look} />
        ) : (
          <AuthenticateButton
            label="Sign in"
            subject={{ subject: "email_account", emailAccountId }}
            {...look}
          />
        )}
      </Group>
    </Group>
  );
}

const MAILBOXES_NAMED = 5;

function linesOf(provider: Provider): string {
  return provider.people
    .map((person) => `${person.username || "The application"}\t${addressOf({ person, provider })}`)
    .join("\n");
}

/** The page on which an administrator begins the sign-in. */
function addressOf({ person, provider: { id, grant } }: PersonAt): string {
  const page = isByItself(grant)
    ? routes.cloudProvider(id)
    : routes.emailAccount(person.emailAccountId);
  return new URL(page, window.location.href).href;
}
