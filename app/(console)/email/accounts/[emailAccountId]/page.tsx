import { Group, Paper, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Badge } from "@/components/badge";
import { SectionPages } from "@/components/list-footer";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { routes } from "@/components/routes";
import { Section } from "@/components/section";
import { StateBadge } from "@/components/state-badge";
import { StateHistory } from "@/components/state-history";
import { listConnectionTests } from "@/lib/checks/queries";
import { findCapture } from "@/lib/contacts/capture/queries";
import type { CaptureRow } from "@/lib/contacts/capture/schema";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { repairButtonsOf, repairObjectOf, whatStops } from "@/lib/email-accounts/repair-object";
import {
  type EmailAccountDetail,
  SERVICE_LABELS,
  TEST_SCHEDULE_LABELS,
} from "@/lib/email-accounts/schema";
import { requireUser } from "@/lib/http/auth/session";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import { type PageParameters, readTurn } from "@/lib/kernel/turns/schema";
import { findCloudProvider } from "@/lib/registrations/queries";
import { isByItself } from "@/lib/registrations/registration/schema";
import { remedyContext } from "@/lib/registrations/remedy-context";
import type { CloudProviderDetail } from "@/lib/registrations/schema";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { Remedy, RemedyContext } from "@/lib/remedies/remedy";
import { listAccountHistory } from "@/lib/watch/state-changes/queries";
import { EmailAccountMenu } from "../email-account-menu";
import { ConnectionTestPanel } from "./connection-test-panel";
import { ContactCapture } from "./contact-capture";
import { LastFailure } from "./last-failure";
import { MailPanel } from "./mail/mail-panel";
import { TestHistory } from "./test-history";

export const metadata: Metadata = { title: "Email account" };

type Props = PageProps<"/email/accounts/[emailAccountId]">;

export default async function EmailAccountPage({ params, searchParams }: Props) {
  const actor = await requireUser();
  const id = idSchema.safeParse((await params).emailAccountId).data;
  const account = id ? await findEmailAccount(actor, id) : null;
  if (!account) notFound();
  const [capture, provider] = await Promise.all([
    findCapture(actor, account.id),
    account.cloudProviderId ? findCloudProvider(actor, account.cloudProviderId) : null,
  ]);
  const sections = { actor, account, parameters: await searchParams };
  return (
    <Page
      title={account.name}
      parent={{ href: "/email/accounts", label: "Email Accounts" }}
      description={<Facts account={account} />}
      actions={
        <EmailAccountMenu
          id={account.id}
          name={account.name}
          emailAddress={account.emailAddress}
          isActive={account.active}
          canAuthenticate={account.providerGrant !== null && !isByItself(account.providerGrant)}
          repairs={repairButtonsOf(account)}
        />
      }
    >
      <Stack gap="lg">
        <Failure account={account} provider={provider} />
        {account.description && <Description text={account.description} />}
        <ConnectionTestPanel
          id={account.id}
          name={account.name}
          emailAddress={account.emailAddress}
          last={account.state === "test_failed" && <LastFailure actor={actor} id={account.id} />}
        />
        <MailPanel id={account.id} emailAddress={account.emailAddress} />
        <EarlierTests {...sections} />
        <Capture account={account} provider={provider} capture={capture} />
        <History {...sections} />
      </Stack>
    </Page>
  );
}

function Facts({ account }: { account: EmailAccountDetail }) {
  return (
    <Group gap="xs" mt={6}>
      <Badge tint="indigo">{account.key}</Badge>
      <StateBadge state={account.state} />
      <span>
        {account.emailAddress} · {SERVICE_LABELS[account.service]}
      </span>
    </Group>
  );
}

function Description({ text }: { text: string }) {
  return (
    <Paper withBorder p="md" radius="md">
      <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {text}
      </Text>
    </Paper>
  );
}

type SectionProps = { actor: Actor; account: EmailAccountDetail; parameters: PageParameters };

async function EarlierTests({ actor, account, parameters }: SectionProps) {
  const tests = await listConnectionTests(actor, account.id, readTurn(parameters, "tests"));
  return (
    <Section title="Earlier tests">
      <Text size="sm" c="dimmed" mb="xs">
        <Schedule account={account} />
      </Text>
      <TestHistory emailAccountId={account.id} tests={tests.rows} />
      <SectionPages
        list={tests}
        path={routes.emailAccount(account.id)}
        parameters={parameters}
        section="tests"
        noun={{ one: "test", many: "tests" }}
      />
    </Section>
  );
}

async function History({ actor, account, parameters }: SectionProps) {
  const history = await listAccountHistory(actor, account.id, readTurn(parameters, "history"));
  return (
    <Section title="History">
      <StateHistory rows={history.rows} />
      <SectionPages
        list={history}
        path={routes.emailAccount(account.id)}
        parameters={parameters}
        section="history"
        noun={{ one: "change", many: "changes" }}
      />
    </Section>
  );
}

type AccountProps = { account: EmailAccountDetail; provider: CloudProviderDetail | null };

function Failure({ account, provider }: AccountProps) {
  const remedyId = whatStops(account);
  // What the last test found is told by its report, with its words.
  if (!remedyId || account.state === "test_failed") return null;
  return (
    <RemedyPanel
      remedy={remedyOf(remedyId, provider, {
        mailbox: account.username,
        object: repairObjectOf(account),
      })}
      detail={account.failureText}
      at={account.failedAt}
    />
  );
}

function Capture({ account, provider, capture }: AccountProps & { capture: CaptureRow | null }) {
  if (!capture) return null;
  const { failureId } = capture;
  const names = inboxNames(account, provider);
  return (
    <Section title="Contact capture">
      <ContactCapture
        capture={capture}
        isActive={account.active}
        remedy={failureId ? remedyOf(failureId, provider, names) : null}
      />
    </Section>
  );
}

/** Whose inbox is followed, and who is to have a right to it: a person, or the application. */
function inboxNames(account: EmailAccountDetail, provider: CloudProviderDetail | null): Names {
  const { emailAddress, username, mailbox } = account;
  const login = provider && isByItself(provider.grant) ? provider.clientId : username;
  return { mailbox: mailbox ?? emailAddress, login, object: repairObjectOf(account) };
}

type Names = Pick<RemedyContext, "mailbox" | "login" | "object">;

function remedyOf(id: string, provider: CloudProviderDetail | null, names: Names): Remedy {
  return fillRemedy(findRemedy(id), { ...(provider && remedyContext(provider)), ...names });
}

function Schedule({ account }: { account: EmailAccountDetail }) {
  const { testSchedule, nextTestAt, active } = account;
  const label = TEST_SCHEDULE_LABELS[testSchedule];
  if (testSchedule === "off" || !nextTestAt || !active) return `Tested: ${label.toLowerCase()}.`;
  return (
    <>
      Tested {label.toLowerCase()}; next test <RelativeTime at={nextTestAt} />.
    </>
  );
}
