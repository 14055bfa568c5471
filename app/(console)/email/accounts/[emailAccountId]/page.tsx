import { Paper, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { Can } from "@/components/can";
import { Page } from "@/components/page";
import { findContactList } from "@/lib/contacts/lists/queries";
import { repairButtonsOf, whatStops } from "@/lib/email-accounts/repair-object";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import { SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { requireUser } from "@/lib/http/auth/session";
import { can } from "@/lib/kernel/actor";
import { isByItself } from "@/lib/registrations/registration/schema";
import { shownState } from "@/lib/remedies/shown-state";
import { signInStands } from "@/lib/sign-ins/schema";
import { findSignIn } from "@/lib/sign-ins/signed-in/queries";
import { AccountDevices } from "../../devices/account-devices";
import { EmailAccountMenu } from "../email-account-menu";
import { AccountFacts } from "./account-facts";
import {
  AccountStanding,
  FactsAndConnection,
  StandingLine,
  UntilItWorks,
} from "./account-standing";
import { Connection } from "./connection";
import { ContactCapture } from "./contact-capture";
import { History, Tests } from "./histories";
import { MailPanel } from "./mail/mail-panel";
import { readShown, type Shown } from "./shown";
import { Arrived, NotReturned, WhatToDo } from "./what-to-do";

export const metadata: Metadata = { title: "Email account" };

type Props = PageProps<"/email/accounts/[emailAccountId]">;

export default async function EmailAccountPage({ params, searchParams }: Props) {
  const actor = await requireUser();
  const { emailAccountId } = await params;
  const shown = await readShown(actor, emailAccountId, await searchParams);
  const { account, isTested, asked } = shown;
  return (
    <AccountStanding
      state={shownState(account.state, [whatStops(account)])}
      lastTestedAt={account.lastTestedAt}
    >
      <Page
        title={account.name}
        parent={{ href: "/email/accounts", label: "Email Accounts" }}
        description={
          <StandingLine accountKey={account.key}>
            {account.emailAddress} · {SERVICE_LABELS[account.service]}
          </StandingLine>
        }
        actions={<Menu {...account} />}
      >
        <Stack gap="lg">
          {(!isTested || signInStands(account.tokenState)) && <Arrived {...shown} />}
          <NotReturned {...shown} />
          <UntilItWorks>
            <WhatToDo {...shown} />
          </UntilItWorks>
          <FactsAndConnection
            hasFailed={asked === "repair_what_test_found"}
            facts={<About {...shown} />}
            connection={<Connection {...shown} />}
          />
          <Can permission="mail:send">
            <MailPanel
              id={account.id}
              emailAddress={account.emailAddress}
              by={account.modernAuthentication ? "token" : "password"}
            />
          </Can>
          <Tests {...shown} />
          <AccountDevices {...shown} />
          <ContactCapture {...shown} />
          <History {...shown} />
        </Stack>
      </Page>
    </AccountStanding>
  );
}

function Menu(account: EmailAccountDetail) {
  const { id, name, emailAddress, active, providerGrant } = account;
  return (
    <EmailAccountMenu
      id={id}
      name={name}
      emailAddress={emailAddress}
      isActive={active}
      canSignIn={providerGrant !== null && !isByItself(providerGrant)}
      repairs={repairButtonsOf(account)}
    />
  );
}

async function About({ actor, account, provider }: Shown) {
  const { cloudProviderId, contactListId, username, description } = account;
  const [signIn, list] = await Promise.all([
    cloudProviderId ? findSignIn(actor, { cloudProviderId, username }) : null,
    contactListId && can(actor, "contacts:read") ? findContactList(actor, contactListId) : null,
  ]);
  return (
    <Stack gap="lg">
      <AccountFacts account={account} provider={provider} signIn={signIn} list={list} />
      {description && (
        <Paper withBorder p="md" radius="md">
          <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {description}
          </Text>
        </Paper>
      )}
    </Stack>
  );
}
