import { Alert, Group, Paper, Stack, Text } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import type { ComponentProps } from "react";
import { InlineLink } from "@/components/links";
import { SectionPages } from "@/components/list-footer";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { Section } from "@/components/section";
import { StateBadge } from "@/components/state-badge";
import { StateHistory } from "@/components/state-history";
import { requireUser } from "@/lib/http/auth/session";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import { type PageParameters, readTurn } from "@/lib/kernel/turns/schema";
import { findCloudProvider, listClouds } from "@/lib/registrations/queries";
import { isByItself } from "@/lib/registrations/registration/schema";
import type { CloudProviderDetail } from "@/lib/registrations/rows/schema";
import type { ProviderUse } from "@/lib/registrations/schema";
import { shownProviderState } from "@/lib/registrations/shown-state";
import { getProviderUse } from "@/lib/registrations/use/queries";
import {
  type DeviceSignIn,
  findDeviceSignIn,
  findOutcome,
  listAuthorizations,
  listSignInFailures,
} from "@/lib/sign-ins/queries";
import type { Outcome } from "@/lib/sign-ins/schema";
import { findUnreturned } from "@/lib/sign-ins/unreturned/queries";
import { listProviderHistory } from "@/lib/watch/state-changes/queries";
import { CloudProviderMenu, OpenedDialog } from "../cloud-provider-menu";
import { AuthenticateButton, ConnectButton } from "../sign-in-buttons";
import classes from "./affected-accounts.module.css";
import { askedOf } from "./asked";
import { Connections } from "./connections";
import { DeviceCode } from "./device-code";
import { FailedBefore, Failures } from "./failures";
import { Registration } from "./registration";
import { signInRemedy } from "./remedy-for";
import { SignInOutcome } from "./sign-in-outcome";
import { UnreturnedSignIn } from "./unreturned-sign-in";

export const metadata: Metadata = { title: "Cloud provider" };

type Props = PageProps<"/settings/cloud-providers/[cloudProviderId]">;

export default async function CloudProviderPage({ params, searchParams }: Props) {
  const actor = await requireUser();
  const id = idSchema.safeParse((await params).cloudProviderId).data;
  const parameters = await searchParams;
  const requestId = idSchema.safeParse(parameters.authorization).data;
  const provider = id
    ? await findCloudProvider(actor, id, readTurn(parameters, "credentials"))
    : null;
  // Deleted during the sign-in: the list says so.
  if (!provider && requestId) redirect(`/settings/cloud-providers?authorization=${requestId}`);
  if (!provider) notFound();
  const place = { path: routes.cloudProvider(provider.id), parameters };
  const [authorizations, failures, use, outcome, waiting, unreturned] = await Promise.all([
    listAuthorizations(actor, provider.id, readTurn(parameters, "signedIn")),
    listSignInFailures(actor, provider.id),
    getProviderUse(actor, provider.id),
    requestId ? findOutcome(actor, requestId) : null,
    // Requested by this session and not used yet, also after a reload.
    provider.grant === "device_code" ? findDeviceSignIn(actor, provider.id) : null,
    findUnreturned(actor, { cloudProviderId: provider.id }),
  ]);
  const asked = askedOf({ provider, failures, outcome, isWaiting: waiting !== null });
  const cloud = listClouds(actor).find((choice) => choice.id === provider.cloud);
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
      actions={<Actions provider={provider} isPrimary={asked === "sign_in"} />}
    >
      <OpenedDialog provider={ofMenu(provider)} />
      <Stack gap="lg">
        {waiting && <Waiting id={provider.id} waiting={waiting} />}
        {requestId && outcome && (
          <ProviderOutcome requestId={requestId} outcome={outcome} provider={provider} />
        )}
        <UnreturnedSignIn unreturned={unreturned} provider={provider} />
        {provider.pausedUntil && <PlatformPause until={provider.pausedUntil} />}
        <Failures provider={provider} failures={failures} isPrimary={asked === "repair"} />
        <FailedBefore actor={actor} provider={provider} failures={failures} />
        <Connections actor={actor} provider={provider} authorizations={authorizations} {...place} />
        <Registration provider={provider} cloud={cloud} asked={asked} {...place} />
        <Dependents cloudProviderId={provider.id} use={use} />
        <History actor={actor} id={provider.id} {...place} />
      </Stack>
    </Page>
  );
}

type ActionsProps = { provider: CloudProviderDetail; isPrimary: boolean };

function Actions({ provider, isPrimary }: ActionsProps) {
  const { id, grant, authorizationCount } = provider;
  const variant = isPrimary ? "filled" : "default";
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

function Dependents(props: ComponentProps<typeof AffectedAccounts>) {
  return (
    <Section title="Accounts that depend on this registration">
      <AffectedAccounts {...props} />
    </Section>
  );
}

type HistoryProps = { actor: Actor; id: string; path: string; parameters: PageParameters };

async function History({ actor, id, ...place }: HistoryProps) {
  const turn = readTurn(place.parameters, "history");
  const history = await listProviderHistory(actor, id, turn);
  return (
    <Section title="History">
      <StateHistory rows={history.rows} />
      <SectionPages
        list={history}
        section="history"
        noun={{ one: "change", many: "changes" }}
        {...place}
      />
    </Section>
  );
}

type WaitingProps = { id: string; waiting: DeviceSignIn };

function Waiting({ id: cloudProviderId, waiting: { id, ...shown } }: WaitingProps) {
  return (
    <DeviceCode key={id} cloudProviderId={cloudProviderId} authorizationRequestId={id} {...shown} />
  );
}

type ProviderOutcomeProps = { requestId: string; outcome: Outcome; provider: CloudProviderDetail };

function ProviderOutcome({ requestId, outcome, provider }: ProviderOutcomeProps) {
  const remedy = outcome.kind === "failed" ? signInRemedy(outcome.remedyId, provider) : undefined;
  return (
    <SignInOutcome
      outcome={outcome}
      authorizationRequestId={requestId}
      providerName={provider.name}
      service={provider.service}
      {...(provider.accountCount > 0 && { next: <TestedNow id={provider.id} /> })}
      {...(remedy && { remedy })}
    />
  );
}

function TestedNow({ id }: { id: string }) {
  return (
    <>
      Postkey tests the accounts that wait for it.{" "}
      <InlineLink href={routes.accountsOfProvider(id)}>
        Show the accounts of this provider
      </InlineLink>
    </>
  );
}

type AffectedAccountsProps = { cloudProviderId: string; use: ProviderUse };

function AffectedAccounts({ cloudProviderId, use }: AffectedAccountsProps) {
  const { accounts, accountCount } = use;
  if (accountCount === 0)
    return (
      <Text size="sm" c="dimmed">
        No email account uses this registration yet.
      </Text>
    );
  const more = accountCount - accounts.length;
  return (
    <Paper withBorder p="md" radius="md">
      <Text size="sm" mb="xs">
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
            <RowLink href={routes.accountsOfProvider(cloudProviderId)}>
              and {more.toLocaleString("en")} more
            </RowLink>
          </li>
        )}
      </ul>
    </Paper>
  );
}

function PlatformPause({ until }: { until: Date }) {
  return (
    <Alert
      color="yellow"
      icon={<IconHourglass size={18} />}
      title="The identity platform asked Postkey to wait"
      role="status"
    >
      Postkey requests tokens again <RelativeTime at={until} />. Until then it hands out the tokens
      that still work. Renew now, or a successful sign-in, ends the wait for everyone.
    </Alert>
  );
}
