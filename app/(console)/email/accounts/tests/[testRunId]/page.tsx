import { Group, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { z } from "zod";
import { byId } from "@/app/(console)/by-id";
import { LinkButton } from "@/components/links";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { Section } from "@/components/section";
import { findTestRun } from "@/lib/checks/runs/queries";
import { type TestRunDetail, testRunState } from "@/lib/checks/runs/schema";
import { requireUser } from "@/lib/http/auth/session";
import { counted } from "@/lib/kernel/text/schema";
import { TestRunBadge } from "../test-run-badge";
import { CauseGroup } from "./cause-group";
import classes from "./test-run.module.css";
import { CancelButton, TestAgainButton } from "./test-run-buttons";

export const metadata: Metadata = { title: "Test run" };

type Props = PageProps<"/email/accounts/tests/[testRunId]">;

const leftOutSchema = z.coerce.number().int().min(0).max(1_000_000).catch(0);

export default async function TestRunPage({ params, searchParams }: Props) {
  const actor = await requireUser();
  const leftOut = leftOutSchema.parse((await searchParams).leftOut);
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
        {leftOut > 0 && (
          <Text size="sm" c="dimmed">
            {counted(leftOut, "inactive account was", "inactive accounts were")} left out.
          </Text>
        )}
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

/** Cancelled tests are not done. */
function Progress({ run }: { run: TestRunDetail }) {
  const { total, counts } = run;
  const { ok, failed, skipped, running } = counts;
  const isCancelled = testRunState(run) === "cancelled";
  const done = ok + failed + (isCancelled ? 0 : skipped);
  return (
    <div role="status">
      <progress className={classes.progress} value={done} max={total} aria-label="Tested" />
      <Text size="sm" mt={6}>
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
      <Text size="sm" c="dimmed">
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
