import { Code, Paper, Stack, Text } from "@mantine/core";
import { ExternalLink } from "@/components/links";
import { Page } from "@/components/page";
import { RemedyBody } from "@/components/remedy-panel";
import { RepairButtons } from "@/components/repair";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { commandNames, repairObjectOf } from "@/lib/email-accounts/repair-object";
import { requireUser } from "@/lib/http/auth/session";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import { findCloudProvider } from "@/lib/registrations/queries";
import { remedyContext } from "@/lib/registrations/remedy-context";
import { exampleRemedy, fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import type { Entry, Remedy } from "@/lib/remedies/remedy";

type Props = PageProps<"/help/errors/[remedyId]">;

const MAX_ID = 80;

const RETRY: Readonly<Record<Remedy["retry"], string>> = {
  yes: "This may resolve itself. Postkey retries automatically where it can.",
  reauth: "This lasts until someone signs in again.",
  after_fix: "This won't resolve itself. Fix the cause, then retry.",
  no: "Retrying won't help.",
};

export default async function RemedyPage({ params, searchParams }: Props) {
  const actor = await requireUser();
  const entry = findRemedy(await readId(params));
  const emailAccountId = idSchema.safeParse((await searchParams).account).data;
  const ofAccount = emailAccountId && (await remedyOfAccount(actor, entry, emailAccountId));
  const remedy = ofAccount || exampleRemedy(entry);
  const { id, title, retry, says = [], source } = remedy;
  return (
    <Page
      title={title}
      parent={{ href: "/help/errors", label: "Errors" }}
      description={<Code>{id}</Code>}
      width="form"
    >
      <Paper withBorder p="lg" radius="md">
        <RemedyBody remedy={remedy} />
        {ofAccount && <RepairButtons buttons={remedy.buttons} />}
        {remedy.command && !ofAccount && (
          <Text size="xs" c="dimmed" mt={4}>
            The addresses, hosts and IDs in the command are examples. When an account fails, its
            page shows the command with the real values.
          </Text>
        )}
        <Stack gap="xs" mt="md">
          <Text>{RETRY[retry]}</Text>
          {says.length > 0 && (
            <div>
              <Text size="xs" c="dimmed">
                Server responses
              </Text>
              {says.map((line) => (
                <Code block key={line} mt={4}>
                  {line}
                </Code>
              ))}
            </div>
          )}
          {source && (
            <Text size="xs" c="dimmed">
              Source: <ExternalLink href={source}>{new URL(source).hostname}</ExternalLink>
            </Text>
          )}
        </Stack>
      </Paper>
    </Page>
  );
}

async function remedyOfAccount(actor: Actor, entry: Entry, id: string): Promise<Remedy | null> {
  const account = await findEmailAccount(actor, id);
  if (!account) return null;
  const { cloudProviderId } = account;
  const provider = cloudProviderId ? await findCloudProvider(actor, cloudProviderId) : null;
  const names = { ...account, isAppOnly: provider?.grant === "app_only" };
  return fillRemedy(entry, {
    ...(provider && remedyContext(provider)),
    ...commandNames(entry.id, names),
    object: repairObjectOf(account),
  });
}

async function readId(params: Props["params"]): Promise<string> {
  return decodeURIComponent((await params).remedyId).slice(0, MAX_ID);
}
