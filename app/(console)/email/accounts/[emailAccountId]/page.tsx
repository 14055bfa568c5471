import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Badge } from "@/components/badge";
import { Page } from "@/components/page";
import { RemedyPanel } from "@/components/remedy-panel";
import { StateBadge } from "@/components/state-badge";
import { requireUser } from "@/lib/auth/session";
import { listConnectionTests } from "@/lib/connection-tests/queries";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { accountState, SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { idSchema } from "@/lib/fields/schema";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { AuthenticateButton } from "../../../settings/cloud-providers/authenticate-button";
import { EmailAccountMenu } from "../email-account-menu";
import { ConnectionTestPanel } from "./connection-test-panel";
import { TestHistory } from "./test-history";

export const metadata: Metadata = { title: "Email account" };

export default async function EmailAccountPage({
  params,
}: PageProps<"/email/accounts/[emailAccountId]">) {
  const actor = await requireUser();
  const id = idSchema.safeParse((await params).emailAccountId).data;
  const account = id ? await findEmailAccount(actor, id) : null;
  if (!account) notFound();
  const tests = await listConnectionTests(actor, account.id);
  const state = accountState(account);
  const needsSignIn = state === "not_signed_in" || state === "sign_in_again";
  const remedyId = state === "not_signed_in" ? "postkey.not_signed_in" : account.failureId;
  return (
    <Page
      title={account.name}
      parent={{ href: "/email/accounts", label: "Email Accounts" }}
      description={
        <Group gap="xs" mt={6}>
          <Badge tint="indigo">{account.key}</Badge>
          <StateBadge state={state} />
          <span>
            {account.emailAddress} · {SERVICE_LABELS[account.service]}
          </span>
        </Group>
      }
      actions={
        <EmailAccountMenu
          id={account.id}
          name={account.name}
          isActive={account.active}
          canAuthenticate={account.cloudProviderId !== null}
        />
      }
    >
      <Stack gap="lg">
        {remedyId && (
          <RemedyPanel remedy={fillRemedy(findRemedy(remedyId), { mailbox: account.username })} />
        )}
        {needsSignIn && (
          <AuthenticateButton
            label={`Sign ${account.username} in`}
            subject={{ subject: "email_account", emailAccountId: account.id }}
            w="fit-content"
          />
        )}
        {account.description && (
          <Paper withBorder p="md" radius="md">
            <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {account.description}
            </Text>
          </Paper>
        )}
        <ConnectionTestPanel id={account.id} />
        <section>
          <Title order={2} size="h5" mb="xs">
            Earlier tests
          </Title>
          <TestHistory tests={tests} />
        </section>
      </Stack>
    </Page>
  );
}
