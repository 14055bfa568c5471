import { Paper, Stack, Text } from "@mantine/core";
import { dayText } from "@/components/day";
import { type Fact, FactList } from "@/components/fact-list";
import { InlineLink, TextLink } from "@/components/links";
import { Section } from "@/components/page";
import { DueTime, RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { routes } from "@/components/routes";
import { without } from "@/lib/checks/conclusion";
import type { CaptureRow } from "@/lib/contacts/capture/queries";
import { SKIP_LABELS, type Skipped } from "@/lib/contacts/capture/schema";
import { findContactList } from "@/lib/contacts/lists/queries";
import { PROTOCOL_NAMES, PROTOCOLS } from "@/lib/egress/protocols/schema";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import { TEST_SCHEDULE_LABELS, waysThroughGraph } from "@/lib/email-accounts/schema";
import { can } from "@/lib/kernel/actor";
import type { Choice } from "@/lib/kernel/choices/schema";
import { wallTime } from "@/lib/kernel/clock";
import { counted } from "@/lib/kernel/text/schema";
import { mailService } from "@/lib/mail/services/schema";
import { isByItself } from "@/lib/oauth/schema";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import { identitiesOf } from "@/lib/sign-ins/identities";
import { signInStands } from "@/lib/sign-ins/schema";
import type { FoundSignIn } from "@/lib/sign-ins/signed-in/queries";
import { findSignIn } from "@/lib/sign-ins/signed-in/queries";
import { CredentialExpiry } from "../../../settings/cloud-providers/[cloudProviderId]/credential-expiry";
import { credentialExpires } from "../shown-account";
import { isToldAbove, type Shown } from "./shown";
import { inboxNames, remedyOf } from "./what-to-do";

export async function About({ actor, account, provider }: Shown) {
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
          <Text style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{description}</Text>
        </Paper>
      )}
    </Stack>
  );
}

type AccountFactsProps = {
  account: EmailAccountDetail;
  provider: CloudProviderDetail | null;
  signIn: FoundSignIn | null;
  list: Choice | null;
};

function AccountFacts(props: AccountFactsProps) {
  const { account, list } = props;
  const facts: Fact[] = [
    ...signInFacts(props),
    ...hostFacts(account),
    { label: "List", value: <List account={account} list={list} /> },
    { label: "Connection test", value: <Schedule account={account} /> },
    { label: "Created", value: dayText(account.createdAt) },
    { label: "Id", value: account.id, copied: account.id },
  ];
  return <FactList facts={facts} />;
}

function hostFacts({ hosts }: EmailAccountDetail): Fact[] {
  if (!hosts) return [];
  return PROTOCOLS.map((protocol) => {
    const label = `${PROTOCOL_NAMES[protocol]} host`;
    const endpoint = hosts[protocol];
    if (!endpoint) return { label, value: without([PROTOCOL_NAMES[protocol]]) };
    const { host, port, tls } = endpoint;
    const value = `${host}:${port} (${tls === "implicit" ? "TLS" : "STARTTLS"})`;
    return { label, value, copied: host };
  });
}

function List({ account, list }: Pick<AccountFactsProps, "account" | "list">) {
  if (!list) return account.contactListId ? "Not shown to your role" : "None";
  return (
    <TextLink size="sm" href={routes.contactList(list.id)}>
      {list.name}
    </TextLink>
  );
}

function signInFacts({ account, provider, signIn }: AccountFactsProps): Fact[] {
  const { username } = account;
  const ofUser: Fact = { label: "Username", value: username, copied: username };
  if (!account.modernAuthentication) return [ofUser, ...passwordFacts(account)];
  if (!provider) return [ofUser, { label: "Cloud Provider", value: "None" }];
  const isAppOnly = isByItself(provider.grant);
  const { mailbox, isDelegate } = identitiesOf({ ...account, smtpUser: null, isAppOnly });
  return [
    ...(isDelegate
      ? [{ label: "Delegate", value: <SignInLink provider={provider} text={username} /> }]
      : [ofUser]),
    { label: "Mailbox", value: mailbox, copied: mailbox },
    ...waysThroughGraph(account),
    {
      label: "Cloud Provider",
      value: (
        <TextLink size="sm" href={routes.cloudProvider(provider.id)}>
          {provider.name}
        </TextLink>
      ),
    },
    { label: "Sign-in", value: <SignIn provider={provider} signIn={signIn} /> },
    {
      label: credentialExpires(provider.credentialKind),
      value: <CredentialExpiry of={provider} />,
    },
  ];
}

function passwordFacts({ id, service }: EmailAccountDetail): Fact[] {
  const ends = mailService(service).passwordEnds.filter(({ state }) => state === "ends");
  return ends.flatMap(({ day, protocols }) =>
    day === null
      ? []
      : {
          label: `Password for ${protocols.map((each) => PROTOCOL_NAMES[each]).join(", ")}`,
          value: (
            <TextLink size="sm" href={routes.moveAccount(id)}>
              Ends {dayText(new Date(day))} (<RelativeTime at={new Date(day)} />)
            </TextLink>
          ),
        },
  );
}

function SignInLink({ provider, text }: { provider: CloudProviderDetail; text: string }) {
  return (
    <TextLink size="sm" href={routes.signedIn(provider.id)}>
      {text}
    </TextLink>
  );
}

function SignIn({
  provider,
  signIn,
}: Pick<AccountFactsProps, "signIn"> & { provider: CloudProviderDetail }) {
  const { signedIn } = signIn ?? {};
  if (!signedIn) return <SignInLink provider={provider} text="Not signed in" />;
  const { accessTokenExpiresAt: at, state } = signedIn;
  const isRenewed = signInStands(state);
  const isOver = at.getTime() <= wallTime().getTime();
  return (
    <span suppressHydrationWarning>
      Token {isOver ? "expired" : "expires"} {dayText(at)} (<RelativeTime at={at} />)
      {isRenewed ? "; Postkey renews it before then" : "; can't be renewed now"}
    </span>
  );
}

function Schedule({ account }: { account: EmailAccountDetail }) {
  const { testSchedule, nextTestAt, active, state, tokenState, failureId } = account;
  const label = TEST_SCHEDULE_LABELS[testSchedule];
  // Tests wait until someone has signed in.
  const isPutOff = state === "not_signed_in" || state === "no_provider";
  if (testSchedule === "off" || !nextTestAt || !active || isPutOff) return label;
  // A test without a token teaches nothing; one that only expired is renewed by the test.
  if (tokenState !== null && tokenState !== "connected" && failureId !== null)
    return `${label}; waits until the sign-in works`;
  return (
    <>
      {label}; next <DueTime at={nextTestAt} />
    </>
  );
}

export function ContactCapture(shown: Shown) {
  const { account, provider, capture } = shown;
  if (!capture) return null;
  const { failureId } = capture;
  const isTold = failureId !== null && isToldAbove(shown, failureId);
  const { list, messages, captured } = capture;
  return (
    <Section title="Contact capture">
      <Paper withBorder p="md" radius="md">
        <Stack gap={6}>
          <Text>
            New senders are saved to{" "}
            {list ? (
              <InlineLink href={routes.contactList(list.id)}>{list.name}</InlineLink>
            ) : (
              "a list"
            )}
            .{" "}
            <Following
              capture={capture}
              isActive={account.active}
              hasServer={account.hosts?.imap !== null}
            />
          </Text>
          <Text c="dimmed">
            {counted(messages, "message")} read, {counted(captured, "new contact")}.{" "}
            {skippedText(capture.skipped)}
          </Text>
          <Text c="dimmed">{optionsText(capture)}</Text>
          {isTold && <Text>What to do about it is at the top of this page.</Text>}
          {failureId && !isTold && (
            <RemedyPanel
              remedy={remedyOf(failureId, provider, inboxNames(account, provider))}
              at={capture.failedAt}
            />
          )}
        </Stack>
      </Paper>
    </Section>
  );
}

type FollowingProps = { capture: CaptureRow; isActive: boolean; hasServer: boolean };

function Following({ capture, isActive, hasServer }: FollowingProps) {
  if (!hasServer) return "There is no IMAP server, so Postkey can't follow the inbox.";
  if (!isActive) return "Postkey doesn't follow the inbox of an inactive account.";
  if (capture.failureId)
    return "Postkey can't follow the inbox right now. It retries automatically.";
  if (!capture.followingSince) return "Postkey will start following the inbox in a moment.";
  return (
    <>
      Postkey started following the inbox <RelativeTime at={capture.followingSince} />.
    </>
  );
}

function skippedText(skipped: Skipped): string {
  const reasons = Object.entries(SKIP_LABELS).flatMap(([reason, label]) => {
    const number = skipped[reason as keyof Skipped] ?? 0;
    return number > 0 ? [{ number, label }] : [];
  });
  if (reasons.length === 0) return "";
  const sorted = reasons.sort((a, b) => b.number - a.number);
  const named = sorted.map(({ number, label }) => `${number.toLocaleString("en")} ${label}`);
  return `Left out: ${named.join(", ")}.`;
}

function optionsText({ captureReplyTo, captureAutomatic }: CaptureRow): string {
  const whose = captureReplyTo ? "Saves the Reply-To address if there is one" : "Saves the sender";
  return `${whose}; automatic senders are ${captureAutomatic ? "saved too" : "left out"}.`;
}
