import { Group, SimpleGrid, Stack } from "@mantine/core";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { InlineLink } from "@/components/links";
import { SectionPages } from "@/components/list-footer";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { Section } from "@/components/section";
import { StateBadge } from "@/components/state-badge";
import { StateHistory } from "@/components/state-history";
import { requireUser } from "@/lib/http/auth/session";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import { type PageParameters, readTurn } from "@/lib/kernel/turns/schema";
import { findCloudProvider, listClouds } from "@/lib/registrations/queries";
import { isByItself } from "@/lib/registrations/registration/schema";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
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
import { AuthenticateButton } from "../authenticate-button";
import { CloudProviderMenu } from "../cloud-provider-menu";
import { ConnectButton } from "../connect-button";
import { AffectedAccounts } from "./affected-accounts";
import { askedOf } from "./asked";
import { Connections } from "./connections";
import { CredentialInUse } from "./credential-in-use";
import { DeviceCode } from "./device-code";
import { Failures } from "./failures";
import { OpenedDialog } from "./opened-dialog";
import { PlatformPause } from "./platform-pause";
import { RegistrationCheck } from "./registration-check";
import { RegistrationFacts } from "./registration-facts";
import { remedyFor } from "./remedy-for";
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
  // Deleted during the sign-in: only the list is left to show, and it says so.
  if (!provider && requestId) redirect(`/settings/cloud-providers?authorization=${requestId}`);
  if (!provider) notFound();
  const place = { path: routes.cloudProvider(provider.id), parameters };
  const [authorizations, failures, use, outcome, waiting, unreturned] = await Promise.all([
    listAuthorizations(actor, provider.id, readTurn(parameters, "signedIn")),
    listSignInFailures(actor, provider.id),
    getProviderUse(actor, provider.id),
    requestId ? findOutcome(actor, requestId) : null,
    // A code that this session asked for and that is not used yet; also after a reload.
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
      <OpenedDialog
        id={provider.id}
        name={provider.name}
        service={provider.service}
        credentialKind={provider.credentialKind}
        grant={provider.grant}
      />
      <Stack gap="lg">
        {waiting && <Waiting id={provider.id} waiting={waiting} />}
        {requestId && outcome && (
          <ProviderOutcome requestId={requestId} outcome={outcome} provider={provider} />
        )}
        <UnreturnedSignIn unreturned={unreturned} provider={provider} />
        {provider.pausedUntil && <PlatformPause until={provider.pausedUntil} />}
        <Failures provider={provider} failures={failures} isPrimary={asked === "repair"} />
        <Connections actor={actor} provider={provider} authorizations={authorizations} {...place} />
        <Registration provider={provider} cloud={cloud} asked={asked} {...place} />
        <Section title="Accounts that depend on this registration">
          <AffectedAccounts cloudProviderId={provider.id} use={use} />
        </Section>
        <History actor={actor} id={provider.id} {...place} />
      </Stack>
    </Page>
  );
}

type RegistrationProps = {
  provider: CloudProviderDetail;
  /** Undefined when it is no longer configured. */
  cloud: ReturnType<typeof listClouds>[number] | undefined;
  asked: ReturnType<typeof askedOf>;
  path: string;
  parameters: PageParameters;
};

/** The registration, beside the credential that it uses. */
function Registration({ provider, cloud, asked, ...place }: RegistrationProps) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Section title="App registration">
        <Stack gap="sm">
          <RegistrationFacts provider={provider} cloud={cloud?.label ?? provider.cloud} />
          <RegistrationCheck cloudProviderId={provider.id} />
        </Stack>
      </Section>
      <CredentialInUse
        provider={provider}
        hasGraph={cloud?.hasGraph ?? false}
        asked={asked}
        {...place}
      />
    </SimpleGrid>
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

type ActionsProps = { provider: CloudProviderDetail; isPrimary: boolean };

function Actions({ provider, isPrimary }: ActionsProps) {
  const variant = isPrimary ? "filled" : "default";
  return (
    <Group gap="xs">
      {isByItself(provider.grant) ? (
        <ConnectButton
          cloudProviderId={provider.id}
          grant={provider.grant}
          variant={variant}
          label={provider.authorizationCount === 0 ? "Connect" : "Connect again"}
        />
      ) : (
        <AuthenticateButton
          variant={variant}
          label={provider.authorizationCount === 0 ? "Authenticate" : "Sign in another mailbox"}
          subject={{ subject: "another", cloudProviderId: provider.id }}
        />
      )}
      <CloudProviderMenu
        id={provider.id}
        name={provider.name}
        service={provider.service}
        credentialKind={provider.credentialKind}
        grant={provider.grant}
      />
    </Group>
  );
}

type WaitingProps = { id: string; waiting: DeviceSignIn };

function Waiting({ id: cloudProviderId, waiting: { id, ...shown } }: WaitingProps) {
  return (
    <DeviceCode key={id} cloudProviderId={cloudProviderId} authorizationRequestId={id} {...shown} />
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

type OutcomeProps = { requestId: string; outcome: Outcome; provider: CloudProviderDetail };

function ProviderOutcome({ requestId, outcome, provider }: OutcomeProps) {
  const remedy = outcome.kind === "failed" ? remedyFor(outcome.remedyId, provider) : undefined;
  return (
    <SignInOutcome
      outcome={outcome}
      authorizationRequestId={requestId}
      providerName={provider.name}
      {...(provider.accountCount > 0 && { next: <TestedNow id={provider.id} /> })}
      {...(remedy && { remedy })}
    />
  );
}
