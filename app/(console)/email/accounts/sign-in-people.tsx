"use client";

import { Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import {
  AuthenticateButton,
  ConnectButton,
} from "@/app/(console)/settings/cloud-providers/sign-in-buttons";
import { CopyIconButton } from "@/components/copy-field";
import { PagesInPlace, pageOf } from "@/components/pages-in-place";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import type { SignInPerson, SignInPlan } from "@/lib/email-accounts/bulk/schema";
import { counted } from "@/lib/kernel/text/schema";
import { isByItself } from "@/lib/registrations/registration/schema";
import { mailboxesText } from "@/lib/sign-ins/links/mailbox-names";

type Provider = SignInPlan["providers"][number];
export type PersonAt = { person: SignInPerson; provider: Provider };

export function SignInPeople({ people }: { people: PersonAt[] }) {
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
            <Text size="sm">
              Copy {all.length.toLocaleString("en")} names and where they sign in
            </Text>
            <CopyIconButton label={`sign-ins of ${name}`} value={linesOf(all)} />
          </Group>
        )}
      </Group>
      {grant === "device_code" && (
        <Text size="sm" c="dimmed">
          Each sign-in shows a code, which the person can type on any device.
        </Text>
      )}
      {people.map((each) => (
        <Person key={each.person.emailAccountId} {...each} />
      ))}
    </Stack>
  );
}

function Person({ person, provider: { id, grant } }: PersonAt) {
  const { username, accounts, mailboxes, address, emailAccountId } = person;
  const name = username || "The application";
  const look = { size: "xs", variant: "default" } as const;
  return (
    <Group gap="xs" justify="space-between" wrap="nowrap">
      <div>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {mailboxes.length === 0
            ? `for ${counted(accounts, "account")}`
            : `opens ${mailboxesText(mailboxes, MAILBOXES_NAMED)}`}
        </Text>
      </div>
      <Group gap={4} wrap="nowrap" style={{ flexShrink: 0 }}>
        <CopyIconButton label={`the address for ${name}`} value={address} />
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

function linesOf(people: readonly SignInPerson[]): string {
  return people
    .map(({ username, address }) => `${username || "The application"}\t${address}`)
    .join("\n");
}
