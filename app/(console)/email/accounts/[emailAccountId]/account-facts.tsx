import { dayText } from "@/components/day";
import { ExpiryText } from "@/components/expiry-text";
import { type Fact, FactList } from "@/components/fact-list";
import { TextLink } from "@/components/links";
import { DueTime, RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { PROTOCOL_NAMES, PROTOCOLS } from "@/lib/checks/schema";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import { TEST_SCHEDULE_LABELS } from "@/lib/email-accounts/schema";
import type { Choice } from "@/lib/kernel/choices/schema";
import { wallTime } from "@/lib/kernel/clock";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import { isByItself } from "@/lib/registrations/registration/schema";
import { identitiesOf } from "@/lib/sign-ins/identities";
import { signInStands } from "@/lib/sign-ins/schema";
import type { FoundSignIn } from "@/lib/sign-ins/signed-in/schema";
import { credentialExpires } from "../credential-expires";

type AccountFactsProps = {
  account: EmailAccountDetail;
  provider: CloudProviderDetail | null;
  signIn: FoundSignIn | null;
  list: Choice | null;
};

export function AccountFacts(props: AccountFactsProps) {
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
    const { host, port, tls } = hosts[protocol];
    const value = `${host}:${port} (${tls === "implicit" ? "TLS" : "STARTTLS"})`;
    return { label: `${PROTOCOL_NAMES[protocol]} host`, value, copied: host };
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
  if (!account.modernAuthentication) return [ofUser];
  if (!provider) return [ofUser, { label: "Cloud Provider", value: "None" }];
  const isAppOnly = isByItself(provider.grant);
  const { mailbox, isDelegate } = identitiesOf({ ...account, smtpUser: null, isAppOnly });
  return [
    ...(isDelegate
      ? [{ label: "Delegate", value: <SignInLink provider={provider} text={username} /> }]
      : [ofUser]),
    { label: "Mailbox", value: mailbox, copied: mailbox },
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
      value: <ExpiryText at={provider.secretExpiresAt} />,
    },
  ];
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
      {isRenewed ? "; renewed before" : "; can't be renewed now"}
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
