import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { byId } from "@/app/(console)/by-id";
import { Badge } from "@/components/badge";
import { InlineLink, LinkButton, TextLink } from "@/components/links";
import { Page, Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { RemedyCommand } from "@/components/remedy-panel";
import { NextStepText } from "@/components/remedy-steps";
import { pageAt, routes } from "@/components/routes";
import { findTestRun } from "@/lib/checks/runs/queries";
import type { TestRunDetail, TestRunGroup } from "@/lib/checks/runs/schema";
import { leftOutText, testRunState } from "@/lib/checks/runs/told";
import { requireUser } from "@/lib/http/auth/session";
import { counted } from "@/lib/kernel/text/schema";
import { failedAt } from "@/lib/remedies/addresses";
import { Repairs } from "../../next-steps";
import { CancelButton, TestAgainButton, TestRunBadge } from "../test-run-rows";
import classes from "./test-run.module.css";

type Props = PageProps<"/email/accounts/tests/[testRunId]">;

export default async function TestRunPage({ params }: Props) {
  const actor = await requireUser();
  const run = await byId((await params).testRunId, (id) => findTestRun(actor, id));
  const state = testRunState(run);
  return (
    <Page
      title={`Test of ${counted(run.total, "account")}`}
      parent={{ href: routes.testRuns, label: "Test runs" }}
      description={
        <Group gap="xs" mt={6}>
          <TestRunBadge state={state} failed={run.counts.failed} />
          <span>
            Started <RelativeTime at={run.createdAt} /> by {run.startedByName}, {run.parallelism} at
            a time
          </span>
        </Group>
      }
      actions={state === "running" ? <CancelButton testRunId={run.id} /> : undefined}
    >
      <Stack gap="lg">
        <Progress run={run} />
        <LeftOut run={run} />
        <Section
          title="What failed, by cause"
          aside={run.counts.failed > 0 && <FailedActions run={run} />}
        >
          <Causes run={run} />
        </Section>
      </Stack>
    </Page>
  );
}

function FailedActions({ run: { id, counts } }: { run: TestRunDetail }) {
  return (
    <Group gap="xs">
      <LinkButton href={routes.failedInTestRun(id)} variant="default" size="xs">
        Show {counted(counts.failed, "account")}
      </LinkButton>
      <TestAgainButton testRunId={id} />
    </Group>
  );
}

function LeftOut({ run: { id, counts } }: { run: TestRunDetail }) {
  const text = leftOutText(counts);
  if (!text) return null;
  return (
    <Text c="dimmed">
      Left out: <InlineLink href={routes.leftOutOfTestRun(id)}>{text}</InlineLink>.
    </Text>
  );
}

/** Cancelled tests are not done. */
function Progress({ run }: { run: TestRunDetail }) {
  const { total, counts } = run;
  const { ok, failed, skipped, running } = counts;
  const isCancelled = testRunState(run) === "cancelled";
  const done = ok + failed + (isCancelled ? 0 : skipped);
  return (
    <div role="status">
      <progress className={classes.progress} value={done} max={total} aria-label="Tested" />
      <Text mt={6}>
        {done.toLocaleString("en")} of {total.toLocaleString("en")}{" "}
        {isCancelled ? "tested" : "done"}: {ok.toLocaleString("en")} {ok === 1 ? "works" : "work"},{" "}
        <span className={failed > 0 ? classes.failed : undefined}>
          {failed.toLocaleString("en")} failed
        </span>
        {skipped > 0 && `, ${skipped.toLocaleString("en")} ${isCancelled ? "left out" : "skipped"}`}
        {running > 0 && `; ${running} being tested`}.
      </Text>
    </div>
  );
}

function Causes({ run }: { run: TestRunDetail }) {
  if (run.groups.length === 0)
    return (
      <Text c="dimmed">
        {testRunState(run) === "running" ? "No failures so far." : "No failures."}
      </Text>
    );
  return (
    <Stack gap="sm">
      {run.groups.map((group) => (
        <CauseGroup key={`${group.failedWith} ${group.failed.cloudProviderId}`} group={group} />
      ))}
    </Stack>
  );
}

function CauseGroup({ group }: { group: TestRunGroup }) {
  const { remedy, accounts, failed, providerName } = group;
  const command = remedy.taken?.[0]?.includes("show_command") ? remedy.command : undefined;
  return (
    <Paper withBorder p="md" radius="md" data-remedy={remedy.id}>
      <Group gap="sm" align="baseline">
        <Badge tint="red">{counted(accounts, "account")}</Badge>
        <Title order={3} size="h6">
          {remedy.title}
        </Title>
        {providerName && failed.cloudProviderId && (
          <TextLink size="sm" href={routes.cloudProvider(failed.cloudProviderId)}>
            {providerName}
          </TextLink>
        )}
      </Group>
      <Stopped group={group} />
      <Text mt="xs">
        <NextStepText
          before="Next: "
          steps={remedy.steps}
          taken={remedy.taken}
          buttons={remedy.buttons}
        />
      </Text>
      {command && <RemedyCommand command={command} />}
      <Repairs {...remedy} remedyId={remedy.id} hasCommand={command !== undefined} />
    </Paper>
  );
}

function Stopped({ group: { accounts, named, failed } }: { group: TestRunGroup }) {
  const more = accounts - named.length;
  return (
    <Text mt="xs" data-comes-back>
      {named.map(({ id, name, connectionTestId }, index) => (
        <span key={id}>
          {index > 0 && ", "}
          <TextLink
            inherit
            href={
              connectionTestId
                ? routes.connectionTest(id, connectionTestId)
                : routes.emailAccount(id)
            }
          >
            {name}
          </TextLink>
        </span>
      ))}
      {more > 0 && (
        <>
          {" and "}
          <TextLink inherit href={pageAt(failedAt(failed))}>
            {more.toLocaleString("en")} more
          </TextLink>
        </>
      )}
    </Text>
  );
}
