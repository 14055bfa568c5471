import { Paper, Stack } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Page } from "@/components/page";
import { Section } from "@/components/section";
import { findOneself } from "@/lib/access/administrators/queries";
import { findFactors } from "@/lib/access/factors/queries";
import { passkeyHost } from "@/lib/access/passkeys/host";
import { listOwnPasskeys } from "@/lib/access/passkeys/queries";
import { listOwnSessions } from "@/lib/access/sessions/queries";
import { requireUser } from "@/lib/http/auth/session";
import { AuthenticatorSection } from "./authenticator-section";
import { EndOtherSessionsButton, EndSessionButton } from "./end-session-buttons";
import { NameForm } from "./name-form";
import { PasskeySection } from "./passkey-section";
import { PasswordForm } from "./password-form";
import { SessionTable } from "./session-table";

export const metadata: Metadata = { title: "Your profile" };

export default async function ProfilePage() {
  const actor = await requireUser();
  const [profile, sessions, factors, passkeys] = await Promise.all([
    findOneself(actor),
    listOwnSessions(actor),
    findFactors(actor),
    listOwnPasskeys(actor),
  ]);
  if (!profile) notFound();
  return (
    <Page title="Your profile" description={profile.email} width="form">
      <Stack gap="xl">
        <Section title="Name">
          <Paper withBorder p="lg" radius="md">
            <NameForm name={profile.name} />
          </Paper>
        </Section>
        <Section title="Password">
          <Paper withBorder p="lg" radius="md">
            <PasswordForm email={profile.email} />
          </Paper>
        </Section>
        <Section title="Authenticator app">
          <Paper withBorder p="lg" radius="md">
            <AuthenticatorSection factors={factors} />
          </Paper>
        </Section>
        <Section title="Passkeys">
          <Paper withBorder p="lg" radius="md">
            <PasskeySection passkeys={passkeys} problem={passkeyHost().problem} />
          </Paper>
        </Section>
        <Section title="Sessions" aside={sessions.length > 1 && <EndOtherSessionsButton />}>
          <SessionTable sessions={sessions} actions={(row) => <EndSessionButton session={row} />} />
        </Section>
      </Stack>
    </Page>
  );
}
