import { Group, Stack, Text } from "@mantine/core";
import { byId } from "@/app/(console)/by-id";
import { ActionButton } from "@/components/acts";
import { Badge } from "@/components/badge";
import { Can } from "@/components/can";
import { type Fact, FactList } from "@/components/fact-list";
import { InlineLink } from "@/components/links";
import { Page, Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { requireUserOf } from "@/lib/http/auth/session";
import { findAdministrator, listSessionsOf } from "@/lib/people/administrators/queries";
import type { AdministratorRow } from "@/lib/people/administrators/schema";
import { listIdentitiesOf } from "@/lib/people/company/queries";
import { type FactorsOf, findFactorsOf } from "@/lib/people/factors/queries";
import { hasLinkChannel } from "@/lib/people/links/queries";
import { ROLE_LABELS } from "@/lib/people/roles/schema";
import { SessionTable } from "../../../profile/session-table";
import { endSessionsOfAction, removeFactorsOfAction } from "../actions";
import { AdministratorSwitch, PasswordLinkButton, RoleForm } from "../administrator-menu";

type Props = PageProps<"/settings/administrators/[administratorId]">;

function statusOf({ disabledAt, disabledBy }: AdministratorRow): string {
  if (disabledAt === null) return "Active";
  return disabledBy === null ? "Disabled" : `Disabled by ${disabledBy}`;
}

export default async function AdministratorPage({ params }: Props) {
  const actor = await requireUserOf("/settings/administrators/[administratorId]");
  const person = await byId((await params).administratorId, (id) => findAdministrator(actor, id));
  const [sessions, identities, canMail, factors] = await Promise.all([
    listSessionsOf(actor, person.id),
    listIdentitiesOf(actor, person.id),
    hasLinkChannel(actor),
    findFactorsOf(actor, person.id),
  ]);
  const decider = identities.find(({ decidesRole }) => decidesRole);
  const isSelf = person.id === actor.id;
  return (
    <Page
      title={person.name}
      parent={{ href: "/settings/administrators", label: "People" }}
      description={
        <Group gap="xs">
          {person.email}
          <Badge tint="indigo">{ROLE_LABELS[person.role]}</Badge>
          <Badge tint={person.disabledAt === null ? "teal" : "gray"}>{statusOf(person)}</Badge>
        </Group>
      }
      actions={!isSelf && <Actions person={person} canMail={canMail} />}
    >
      <Stack gap="lg">
        {isSelf && (
          <Text>
            This is you. Another administrator can change your role. Change your name and password
            in <InlineLink href="/profile">your profile</InlineLink>.
          </Text>
        )}
        {!isSelf && <RoleSection person={person} decidedBy={decider?.companyName} />}
        {identities.length > 0 && <CompanyAccounts identities={identities} />}
        <FactorsSection name={person.name} factors={factors} />
        <Section
          title="Sessions"
          aside={
            !isSelf &&
            sessions.length > 0 && (
              <ActionButton
                size="xs"
                label="End all sessions"
                needs="administrators:write"
                action={endSessionsOfAction.bind(null, { administratorId: person.id })}
                done={`${person.name} is signed out everywhere.`}
              />
            )
          }
        >
          {sessions.length > 0 ? (
            <SessionTable sessions={sessions} />
          ) : (
            <Text>{person.name} is not signed in.</Text>
          )}
        </Section>
      </Stack>
    </Page>
  );
}

function Actions({ person, canMail }: { person: AdministratorRow; canMail: boolean }) {
  const { id, name, email, disabledAt, isAskedForFactor, hasFactors } = person;
  return (
    <Group gap="xs">
      {disabledAt === null && (
        <PasswordLinkButton
          id={id}
          name={name}
          email={email}
          isAskedForFactor={isAskedForFactor}
          canMail={canMail}
        />
      )}
      {hasFactors && (
        <ActionButton
          size="xs"
          label="Remove second factors"
          needs="administrators:write"
          isDangerous
          confirm={{
            title: `Remove the second factors of ${name}?`,
            label: "Remove",
            text: `For a lost phone: the authenticator app, the recovery codes and the passkeys stop working, and all sessions end. Make sure that it is ${name} who asks you for this.`,
          }}
          action={removeFactorsOfAction.bind(null, { administratorId: id })}
          done={`The second factors of ${name} were removed. Where the role needs one, it is set up at the next sign-in.`}
        />
      )}
      <AdministratorSwitch person={person} />
    </Group>
  );
}

type CompanyAccountsProps = { identities: Awaited<ReturnType<typeof listIdentitiesOf>> };

function CompanyAccounts({ identities }: CompanyAccountsProps) {
  return (
    <Section title="Company accounts">
      <FactList
        facts={identities.map(({ companyName, decidesRole, username }) => ({
          label: decidesRole ? `${companyName} (decides the role)` : companyName,
          value: username,
        }))}
      />
    </Section>
  );
}

type RoleSectionProps = { person: AdministratorRow; decidedBy: string | undefined };

function RoleSection({ person, decidedBy }: RoleSectionProps) {
  const { id, name, role, disabledBy } = person;
  return (
    <Can permission="administrators:write">
      <Section title="Role">
        {decidedBy === undefined ? (
          <RoleForm id={id} name={name} role={role} />
        ) : (
          <Text>
            {disabledBy === null
              ? `${decidedBy} decides this role at each sign-in. Change the person's groups there.`
              : `${disabledBy} no longer gives ${name} a role. Change the person's groups there, or enable the person here.`}
          </Text>
        )}
      </Section>
    </Can>
  );
}

function FactorsSection({ name, factors }: { name: string; factors: FactorsOf }) {
  const facts = factsOf(factors);
  return (
    <Section title="Second factors">
      {facts.length > 0 ? <FactList facts={facts} /> : <Text>{name} has no second factor.</Text>}
    </Section>
  );
}

function factsOf({ appSince, appUsedAt, recoveryCodesLeft, passkeys }: FactorsOf): Fact[] {
  const app = appSince
    ? [
        { label: "Authenticator app", value: <LastUse at={appUsedAt} /> },
        { label: "Recovery codes left", value: recoveryCodesLeft },
      ]
    : [];
  const keys = passkeys.map(({ name, lastUsedAt }) => ({
    label: `Passkey ${name}`,
    value: <LastUse at={lastUsedAt} />,
  }));
  return [...app, ...keys];
}

function LastUse({ at }: { at: Date | null }) {
  return at ? (
    <>
      last used <RelativeTime at={at} />
    </>
  ) : (
    "not used yet"
  );
}
