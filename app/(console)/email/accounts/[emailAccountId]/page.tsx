import { Paper, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { byId } from "@/app/(console)/by-id";
import { Can } from "@/components/can";
import { Page } from "@/components/page";
import { Section } from "@/components/section";
import { findLastConnectionTest } from "@/lib/checks/queries";
import type { StoredReport } from "@/lib/checks/schema";
import { findCapture } from "@/lib/contacts/capture/queries";
import type { CaptureRow } from "@/lib/contacts/capture/schema";
import { findContactList } from "@/lib/contacts/lists/queries";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { repairButtonsOf, whatStops } from "@/lib/email-accounts/repair-object";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import { SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { requireUser } from "@/lib/http/auth/session";
import { type Actor, can } from "@/lib/kernel/actor";
import { findCloudProvider } from "@/lib/registrations/queries";
import { isByItself } from "@/lib/registrations/registration/schema";
import type { CloudProviderDetail } from "@/lib/registrations/rows/schema";
import { shownState } from "@/lib/remedies/shown-state";
import { findLinkPeople } from "@/lib/sign-ins/links/queries";
import { signInStands } from "@/lib/sign-ins/schema";
import { findSignIn } from "@/lib/sign-ins/signed-in/queries";
import { AccountDevices } from "../../devices/account-devices";
import { EmailAccountMenu } from "../email-account-menu";
import { AccountFacts } from "./account-facts";
import { Failure, inboxNames, LostReport, remedyOf } from "./account-remedies";
import { AccountStanding, StandingLine, UntilItWorks } from "./account-standing";
import { readArrival } from "./arrival";
import { Arrived } from "./arrived";
import { type Asked, askedOf } from "./asked";
import { ConnectionTestPanel } from "./connection-test-panel";
import { ContactCapture } from "./contact-capture";
import { DueTest } from "./due-test";
import { FactsAndConnection } from "./facts-and-connection";
import { LastTest } from "./last-test";
import { MailPanel } from "./mail/mail-panel";
import { NotReturned } from "./not-returned";
import { History, Tests } from "./tests-and-history";
import { isToldAbove, toldAboveOf } from "./told";
import { WhoSignsIn } from "./who-signs-in";

export const metadata: Metadata = { title: "Email account" };

type Props = PageProps<"/email/accounts/[emailAccountId]">;

export default async function EmailAccountPage({ params, searchParams }: Props) {
  const actor = await requireUser();
  const account = await byId((await params).emailAccountId, (id) => findEmailAccount(actor, id));
  const parameters = await searchParams;
  const [capture, last, provider, arrival] = await Promise.all([
    findCapture(actor, account.id),
    findLast(actor, account),
    account.cloudProviderId ? findCloudProvider(actor, account.cloudProviderId) : null,
    readArrival(actor, account, parameters),
  ]);
  const sections = { actor, account, parameters };
  const asked = askedOf(account, arrival);
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
        actions={<Menu account={account} />}
      >
        <Stack gap="lg">
          {(!arrival.isTested || signInStands(account.tokenState)) && (
            <Arrived account={account} arrival={arrival} provider={provider} />
          )}
          <NotReturned actor={actor} emailAccountId={account.id} provider={provider} />
          <UntilItWorks>
            <WhatToDo actor={actor} account={account} provider={provider} asked={asked} />
          </UntilItWorks>
          <FactsAndConnection
            hasFailed={asked === "repair_what_test_found"}
            facts={<About actor={actor} account={account} provider={provider} />}
            connection={
              <Connection
                account={account}
                provider={provider}
                last={last}
                startsAtOnce={arrival.isTested}
                asked={asked}
              />
            }
          />
          <Mail account={account} />
          <Tests {...sections} />
          <AccountDevices {...sections} />
          <Capture account={account} provider={provider} last={last} capture={capture} />
          <History {...sections} />
        </Stack>
      </Page>
    </AccountStanding>
  );
}

async function findLast(actor: Actor, { id, lastTestedAt }: EmailAccountDetail) {
  return lastTestedAt ? findLastConnectionTest(actor, id) : null;
}

function Mail({ account }: { account: EmailAccountDetail }) {
  const { id, emailAddress, modernAuthentication } = account;
  return (
    <Can permission="mail:send">
      <MailPanel
        id={id}
        emailAddress={emailAddress}
        by={modernAuthentication ? "token" : "password"}
      />
    </Can>
  );
}

function Menu({ account }: { account: EmailAccountDetail }) {
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

function About(props: AccountProps & { actor: Actor }) {
  const { description } = props.account;
  return (
    <Stack gap="lg">
      <Facts {...props} />
      {description && <Description text={description} />}
    </Stack>
  );
}

async function Facts({ actor, account, provider }: AccountProps & { actor: Actor }) {
  const { cloudProviderId, contactListId, username } = account;
  const [signIn, list] = await Promise.all([
    cloudProviderId ? findSignIn(actor, { cloudProviderId, username }) : null,
    contactListId && can(actor, "contacts:read") ? findContactList(actor, contactListId) : null,
  ]);
  return <AccountFacts account={account} provider={provider} signIn={signIn} list={list} />;
}

type ConnectionProps = AskedProps & { last: StoredReport | null; startsAtOnce: boolean };

function Connection({ account, provider, last, startsAtOnce, asked }: ConnectionProps) {
  const { id, name, emailAddress } = account;
  const hasFailed = asked === "repair_what_test_found";
  const toldAbove = toldAboveOf(account);
  const stored = last && <LastTest report={last} isPrimary={hasFailed} toldAbove={toldAbove} />;
  const lost = account.state === "test_failed" && (
    <LostReport account={account} provider={provider} asked={asked} />
  );
  return (
    <ConnectionTestPanel
      id={id}
      name={name}
      emailAddress={emailAddress}
      startsAtOnce={startsAtOnce}
      isLater={asked === "answer" || asked === "repair"}
      hasFailed={hasFailed}
      toldAbove={toldAbove}
      last={stored ?? (lost || <DueTest account={account} />)}
    />
  );
}

function Description({ text }: { text: string }) {
  return (
    <Paper withBorder p="md" radius="md">
      <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {text}
      </Text>
    </Paper>
  );
}

type AccountProps = { account: EmailAccountDetail; provider: CloudProviderDetail | null };

type AskedProps = AccountProps & { asked: Asked };

type CaptureProps = AccountProps & { last: StoredReport | null; capture: CaptureRow | null };

function Capture({ account, provider, last, capture }: CaptureProps) {
  if (!capture) return null;
  const { failureId } = capture;
  const names = inboxNames(account, provider);
  const isTold = failureId !== null && isToldAbove(account, last, failureId);
  return (
    <Section title="Contact capture">
      <ContactCapture
        capture={capture}
        isActive={account.active}
        isTold={isTold}
        remedy={failureId && !isTold ? remedyOf(failureId, provider, names) : null}
      />
    </Section>
  );
}

async function WhatToDo(props: AskedProps & { actor: Actor }) {
  const { actor, account, provider, asked } = props;
  if (account.state !== "not_signed_in" || !provider || isByItself(provider.grant))
    return <Failure {...props} />;
  const usernames = [account.username];
  const [person] = await findLinkPeople(actor, { cloudProviderId: provider.id, usernames });
  return (
    <WhoSignsIn
      account={account}
      provider={provider}
      isPrimary={asked === "repair"}
      link={person?.open ?? null}
    />
  );
}
