import { Paper, Stack, Text } from "@mantine/core";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { ActionButton } from "@/components/acts";
import { CompanyRefusal } from "@/components/company-refusal";
import { Page, Section } from "@/components/page";
import { readRefusal } from "@/lib/http/auth/company-refusal";
import { readBrowserName, requireUser } from "@/lib/http/auth/session";
import { findOneself, listOwnSessions } from "@/lib/people/administrators/queries";
import type { SessionRow } from "@/lib/people/administrators/schema";
import { findWaysIn, type IdentityRow, listOwnIdentities } from "@/lib/people/company/queries";
import { findFactors } from "@/lib/people/factors/queries";
import { listOwnPasskeys, passkeyHost } from "@/lib/people/passkeys/queries";
import { ROLE_HINTS, ROLE_LABELS } from "@/lib/people/roles/schema";
import { endOtherSessionsAction, endOwnSessionAction } from "./actions";
import { AuthenticatorSection } from "./authenticator-section";
import { PasskeySection } from "./passkey-section";
import { CompanyAccounts, NameForm, PasswordForm } from "./profile-forms";
import { SessionTable } from "./session-table";

export default async function ProfilePage({ searchParams }: PageProps<"/profile">) {
  const actor = await requireUser();
  const browser = await readBrowserName();
  const [profile, sessions, identities, { buttons }, factors, passkeys] = await Promise.all([
    findOneself(actor),
    listOwnSessions(actor),
    listOwnIdentities(actor),
    findWaysIn(),
    findFactors(actor),
    listOwnPasskeys(actor),
  ]);
  if (!profile) notFound();
  return (
    <Page
      title="Your profile"
      description={`${profile.email} · ${ROLE_LABELS[profile.role]}: ${ROLE_HINTS[profile.role]}`}
      width="form"
    >
      <Stack gap="xl">
        <CompanyRefusal {...(await readRefusal(await searchParams))} />
        <Framed title="Name">
          <NameForm name={profile.name} />
        </Framed>
        <Framed title="Password">
          {profile.hasPassword ? (
            <PasswordForm email={profile.email} />
          ) : (
            <NoPassword identities={identities} />
          )}
        </Framed>
        <Framed title="Authenticator app">
          <AuthenticatorSection
            email={profile.email}
            hasPassword={profile.hasPassword}
            factors={factors}
          />
        </Framed>
        <Framed title="Passkeys">
          <PasskeySection
            passkeys={passkeys}
            hasPassword={profile.hasPassword}
            problem={passkeyHost().problem}
            browser={browser}
          />
        </Framed>
        {(buttons.length > 0 || identities.length > 0) && (
          <Framed title="Company accounts">
            <CompanyAccounts identities={identities} companies={buttons} />
          </Framed>
        )}
        <Section title="Sessions" aside={sessions.length > 1 && END_OTHERS}>
          <SessionTable sessions={sessions} actions={endSession} />
        </Section>
      </Stack>
    </Page>
  );
}

const END_OTHERS = (
  <ActionButton
    size="xs"
    label="End all other sessions"
    action={endOtherSessionsAction.bind(null, {})}
    done="All your other sessions have ended."
  />
);

function endSession({ id, isThis, browser }: SessionRow) {
  if (isThis) return null;
  return (
    <ActionButton
      size="xs"
      aria-label={`End the session of ${browser || "an unknown browser"}`}
      label="End"
      action={endOwnSessionAction.bind(null, { id })}
      done="The session has ended."
    />
  );
}

function Framed({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Section title={title}>
      <Paper withBorder p="lg" radius="md">
        {children}
      </Paper>
    </Section>
  );
}

function NoPassword({ identities }: { identities: readonly IdentityRow[] }) {
  const names = [...new Set(identities.map(({ companyName }) => companyName))];
  const companies = names.length > 0 ? names.join(" or ") : "your company";
  return (
    <Text>
      You sign in at {companies}, and have no password here. If you need one, ask an administrator
      for a password link.
    </Text>
  );
}
