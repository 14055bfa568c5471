import { Group, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Badge } from "@/components/badge";
import { InlineLink } from "@/components/links";
import { Page } from "@/components/page";
import { Section } from "@/components/section";
import { findAdministrator } from "@/lib/access/administrators/queries";
import { listSessionsOf } from "@/lib/access/sessions/queries";
import { requireUser } from "@/lib/http/auth/session";
import { idSchema } from "@/lib/kernel/fields/schema";
import { SessionTable } from "../../../profile/session-table";
import { AdministratorSwitch } from "../administrator-switch";
import { EndSessionsButton } from "./end-sessions-button";
import { PasswordLinkButton } from "./password-link-button";
import { RemoveFactorsButton } from "./remove-factors-button";

export const metadata: Metadata = { title: "Administrator" };

type Props = PageProps<"/settings/administrators/[administratorId]">;

export default async function AdministratorPage({ params }: Props) {
  const actor = await requireUser();
  const id = idSchema.safeParse((await params).administratorId).data;
  const person = id ? await findAdministrator(actor, id) : null;
  if (!person) notFound();
  const sessions = await listSessionsOf(actor, person.id);
  const isActive = person.disabledAt === null;
  const isSelf = person.id === actor.id;
  return (
    <Page
      title={person.name}
      parent={{ href: "/settings/administrators", label: "Administrators" }}
      description={
        <Group gap="xs">
          {person.email}
          <Badge tint={isActive ? "teal" : "gray"}>{isActive ? "Active" : "Disabled"}</Badge>
        </Group>
      }
      actions={
        !isSelf && (
          <Group gap="xs">
            {isActive && <PasswordLinkButton id={person.id} name={person.name} />}
            {person.hasFactors && <RemoveFactorsButton id={person.id} name={person.name} />}
            <AdministratorSwitch id={person.id} name={person.name} isActive={isActive} />
          </Group>
        )
      }
    >
      <Stack gap="lg">
        {isSelf && (
          <Text size="sm">
            This is you. Change your name and password in{" "}
            <InlineLink href="/profile">your profile</InlineLink>.
          </Text>
        )}
        <Section
          title="Sessions"
          aside={!isSelf && sessions.length > 0 && <EndSessionsButton {...person} />}
        >
          {sessions.length > 0 ? (
            <SessionTable sessions={sessions} />
          ) : (
            <Text size="sm">{person.name} is not signed in.</Text>
          )}
        </Section>
      </Stack>
    </Page>
  );
}
