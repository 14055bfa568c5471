import { Alert, Group, Paper, Stack, Text } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { StateBadge } from "@/components/badge";
import { InlineLink } from "@/components/links";
import { SectionPages } from "@/components/list-footer";
import { Page, Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { StateHistory } from "@/components/state-history";
import { RowLink } from "@/components/table";
import { requireUser } from "@/lib/http/auth/session";
import { isByItself } from "@/lib/oauth/schema";
import { type CloudProviderDetail, shownProviderState } from "@/lib/registrations/queries";
import { CloudProviderMenu, OpenedDialog } from "../cloud-provider-menu";
import { AuthenticateButton, ConnectButton } from "../sign-in-buttons";
import classes from "./affected-accounts.module.css";
import { OpenedMailbox } from "./closed-mailbox";
import { Connections } from "./connections";
import { FailedBefore, Failures } from "./failures";
import { Registration } from "./registration";
import { signInRemedy } from "./remedy-for";
import { readShown, type Shown } from "./shown";
import { SignInOutcome } from "./sign-in-outcome";
import { DeviceCode, UnreturnedSignIn } from "./waiting-sign-in";

type Props = PageProps<"/settings/cloud-providers/[cloudProviderId]">;

export default async function CloudProviderPage({ params, searchParams }: Props) {
  const actor = await requireUser();
  const { cloudProviderId } = await params;
  const shown = await readShown(actor, cloudProviderId, await searchParams);
  const { provider, cloud, waiting, unreturned, history, place } = shown;
  return (
    <Page
      title={provider.name}
      parent={{ href: "/settings/cloud-providers", label: "Cloud Providers" }}
      description={
        <Group gap="xs" mt={6}>
          <StateBadge state={shownProviderState(provider)} />
          <span>{cloud?.label ?? provider.cloud}</span>
        </Group>
      }
      actions={<Actions {...shown} />}
    >
      <OpenedDialog provider={ofMenu(provider)} />
      <Stack gap="lg">
        {waiting && <DeviceCode key={waiting.id} cloudProviderId={provider.id} {...waiting} />}
        <ProviderOutcome {...shown} />
        <UnreturnedSignIn unreturned={unreturned} provider={provider} />
        {provider.pausedUntil && (
          <Alert
            color="yellow"
            icon={<IconHourglass size={18} />}
            title="The identity platform asked Postkey to wait"
            role="status"
          >
            Postkey requests tokens again <RelativeTime at={provider.pausedUntil} />. Until then it
            hands out the tokens that still work. Renew now, or a successful sign-in, ends the wait
            for everyone.
          </Alert>
        )}
        <OpenedMailbox {...shown} />
        <Failures {...shown} />
        <FailedBefore {...shown} />
        <Connections {...shown} />
        <Registration {...shown} />
        <Section title="Accounts that depend on this registration">
          <AffectedAccounts {...shown} />
        </Section>
        <Section title="History">
          <StateHistory rows={history.rows} />
          <SectionPages list={history} place={place} section="history" noun="change" />
        </Section>
      </Stack>
    </Page>
  );
}

function Actions({ provider, asked }: Shown) {
  const { id, grant, authorizationCount } = provider;
  const variant = asked === "sign_in" ? "filled" : "default";
  return (
    <Group gap="xs">
      {isByItself(grant) ? (
        <ConnectButton
          cloudProviderId={id}
          grant={grant}
          variant={variant}
          label={authorizationCount === 0 ? "Connect" : "Connect again"}
        />
      ) : (
        <AuthenticateButton
          variant={variant}
          label={authorizationCount === 0 ? "Authenticate" : "Sign in another mailbox"}
          subject={{ subject: "another", cloudProviderId: id }}
        />
      )}
      <CloudProviderMenu provider={ofMenu(provider)} />
    </Group>
  );
}

/** Only what the menu needs goes to the browser. */
function ofMenu({ id, name, service, credentialKind, grant }: CloudProviderDetail) {
  return { id, name, service, credentialKind, grant, isByItself: isByItself(grant) };
}

function ProviderOutcome({ requestId, outcome, provider }: Shown) {
  if (!requestId || !outcome) return null;
  const remedy = outcome.kind === "failed" ? signInRemedy(outcome.remedyId, provider) : undefined;
  return (
    <SignInOutcome
      outcome={outcome}
      authorizationRequestId={requestId}
      providerName={provider.name}
      service={provider.service}
      next={
        provider.accountCount > 0 ? (
          <>
            Postkey tests the accounts that wait for it.{" "}
            <InlineLink href={routes.accountsOfProvider(provider.id)}>
              Show the accounts of this provider
            </InlineLink>
          </>
        ) : (
          outcome.kind === "connected" && <AddAccount of={provider} username={outcome.username} />
        )
      }
      {...(remedy && { remedy })}
    />
  );
}

function AddAccount({ of, username }: { of: { id: string }; username: string }) {
  const values = { cloudProviderId: of.id, emailAddress: username };
  return (
    <>
      Next: <InlineLink href={routes.newEmailAccount(values)}>add an email account</InlineLink> that
      uses this provider.
    </>
  );
}

function AffectedAccounts({ provider, use: { accounts, accountCount } }: Shown) {
  if (accountCount === 0)
    return <Text c="dimmed">No email account uses this registration yet.</Text>;
  const more = accountCount - accounts.length;
  return (
    <Paper withBorder p="md" radius="md">
      <Text mb="xs">
        {accountCount === 1 ? "One email account" : `${accountCount} email accounts`}
      </Text>
      <ul className={classes.list}>
        {accounts.map(({ id, name }) => (
          <li key={id}>
            <RowLink href={routes.emailAccount(id)}>{name}</RowLink>
          </li>
        ))}
        {more > 0 && (
          <li>
            <RowLink href={routes.accountsOfProvider(provider.id)}>
              and {more.toLocaleString("en")} more
            </RowLink>
          </li>
        )}
      </ul>
    </Paper>
  );
}
