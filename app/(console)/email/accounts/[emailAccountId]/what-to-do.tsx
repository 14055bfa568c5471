import { Alert, Group, Stack, Text } from "@mantine/core";
import { IconLogin2 } from "@tabler/icons-react";
import { Can } from "@/components/can";
import { InlineLink } from "@/components/links";
import { RemedyPanel } from "@/components/remedy-panel";
import { routes } from "@/components/routes";
import { VIEW_STATES } from "@/lib/email-accounts/filters/schema";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { repairObjectOf } from "@/lib/email-accounts/repair-object";
import { can } from "@/lib/kernel/actor";
import { isByItself } from "@/lib/oauth/schema";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import { remedyContext } from "@/lib/registrations/remedy-context";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { Remedy, RemedyContext } from "@/lib/remedies/remedy";
import { identitiesOf } from "@/lib/sign-ins/identities";
import { findLinkPeople } from "@/lib/sign-ins/links/queries";
import { findSignIn, findUnreturned } from "@/lib/sign-ins/signed-in/queries";
import { signInRemedy } from "../../../settings/cloud-providers/[cloudProviderId]/remedy-for";
import { SignInOutcome } from "../../../settings/cloud-providers/[cloudProviderId]/sign-in-outcome";
import { UnreturnedSignIn } from "../../../settings/cloud-providers/[cloudProviderId]/waiting-sign-in";
import { AuthenticateButton } from "../../../settings/cloud-providers/sign-in-buttons";
import { CreateLinkButton } from "../../sign-in-links/create-link-button";
import { StandingLinkText } from "../../sign-in-links/replace-choice";
import { type Shown, toldAboveOf } from "./shown";

export function Arrived({ actor, account, provider, requestId, outcome }: Shown) {
  if (!requestId || !outcome || !provider) return null;
  const remedy =
    outcome.kind === "failed" ? signInRemedy(outcome.remedyId, provider, account) : undefined;
  return (
    <SignInOutcome
      outcome={outcome}
      authorizationRequestId={requestId}
      providerName={provider.name}
      service={provider.service}
      next={
        <>
          Its connection test is below. <WhatIsLeft actor={actor} account={account} />
        </>
      }
      {...(remedy && { remedy })}
    />
  );
}

/** People who came from a list of several go on there. */
async function WhatIsLeft({ actor, account }: Pick<Shown, "actor" | "account">) {
  const counts = await listEmailAccounts.counts(actor);
  for (const view of ["attention", "not_signed_in"] as const) {
    const all = counts.find((each) => each.view === view)?.count ?? 0;
    const left = all - Number(VIEW_STATES[view].some((state) => state === account.state));
    const text = `${left.toLocaleString("en")} more ${LEFT[view][left === 1 ? 0 : 1]}`;
    if (left > 0) return <InlineLink href={routes.accountsIn(view)}>{text}</InlineLink>;
  }
  return null;
}

const LEFT = {
  attention: ["needs attention", "need attention"],
  not_signed_in: ["has to sign in", "have to sign in"],
} as const;

export async function NotReturned({ actor, account, provider }: Shown) {
  if (!provider || !can(actor, "providers:read")) return null;
  const subject = { cloudProviderId: provider.id, emailAccountId: account.id };
  return <UnreturnedSignIn unreturned={await findUnreturned(actor, subject)} provider={provider} />;
}

export function WhatToDo(shown: Shown) {
  const { account, provider } = shown;
  if (account.state !== "not_signed_in" || !provider || isByItself(provider.grant))
    return <Failure {...shown} />;
  return <WhoSignsIn {...shown} provider={provider} />;
}

async function Failure({ actor, account, provider, asked }: Shown) {
  const remedyId = toldAboveOf(account);
  if (!remedyId) return null;
  const { cloudProviderId, username } = account;
  const isRetried = account.tokenState === "retrying" && cloudProviderId !== null;
  const found = isRetried ? await findSignIn(actor, { cloudProviderId, username }) : null;
  return (
    <RemedyPanel
      remedy={remedyOf(remedyId, provider, {
        mailbox: account.username,
        object: repairObjectOf(account),
      })}
      detail={account.failureText}
      at={account.failedAt}
      retriesAt={found?.signedIn?.refreshDueAt ?? null}
      isPrimary={asked === "repair"}
    />
  );
}

/** Whose inbox it is and who needs access to it: a person or the application. */
export function inboxNames(account: Shown["account"], provider: Shown["provider"]): Names {
  const { emailAddress, username, mailbox } = account;
  const login = provider && isByItself(provider.grant) ? provider.clientId : username;
  return { mailbox: mailbox ?? emailAddress, login, object: repairObjectOf(account) };
}

type Names = Pick<RemedyContext, "mailbox" | "login" | "object">;

export function remedyOf(id: string, provider: CloudProviderDetail | null, names: Names): Remedy {
  return fillRemedy(findRemedy(id), { ...(provider && remedyContext(provider)), ...names });
}

async function WhoSignsIn(shown: Shown & { provider: CloudProviderDetail }) {
  const { actor, account, provider, asked } = shown;
  const usernames = [account.username];
  const [person] = await findLinkPeople(actor, { cloudProviderId: provider.id, usernames });
  const link = person?.open ?? null;
  const { username } = account;
  const names = { ...account, smtpUser: null, isAppOnly: false };
  const { isDelegate, mailbox } = identitiesOf(names);
  return (
    <Alert
      color="indigo"
      icon={<IconLogin2 size={18} />}
      title={`Next: ${username} signs in`}
      data-remedy="postkey.not_signed_in"
    >
      <Stack gap="sm">
        <Text>
          No one is signed in as {username} at {provider.name} yet.{" "}
          <Can permission="authorizations:write">{WAYS[provider.grant](username)} </Can>
          Then Postkey tests the account.
        </Text>
        {isDelegate && (
          <Text>
            {username} opens the mailbox {mailbox} and needs the permissions Full Access and Send As
            on it.
          </Text>
        )}
        {link && (
          <Text>
            There is an open sign-in link for {username}: <StandingLinkText link={link} />.{" "}
            <InlineLink href={`/email/sign-in-links?search=${encodeURIComponent(username)}`}>
              Sign-in Links
            </InlineLink>
          </Text>
        )}
        <Can
          permission="authorizations:write"
          otherwise={
            <Text>Ask an operator to sign in as {username}, or to send a sign-in link.</Text>
          }
        >
          <Group gap="xs">
            <AuthenticateButton
              label={`Sign in as ${username}`}
              subject={{ subject: "email_account", emailAccountId: account.id }}
              variant={asked === "repair" ? "filled" : "default"}
            />
            {provider.grant === "delegated" && (
              <CreateLinkButton emailAccountId={account.id} hasLink={link !== null} />
            )}
          </Group>
        </Can>
      </Stack>
    </Alert>
  );
}

const WAYS: Readonly<Record<CloudProviderDetail["grant"], (username: string) => string>> = {
  delegated: (username) =>
    `The button opens the sign-in page in this browser: sign in there as ${username}. If you don't know the password, send ${username} a sign-in link.`,
  device_code: (username) => `The button shows a code, which ${username} enters on another device.`,
  app_only: () => "",
  domain_wide: () => "",
};
