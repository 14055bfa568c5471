import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { LinkButton } from "@/components/links";
import { Page } from "@/components/page";
import { pageAt } from "@/components/routes";
import { readTestDay } from "@/lib/checks/day/queries";
import { countStates, listByCause, readOnboarding } from "@/lib/email-accounts/filters/queries";
import { type StateCount, VIEW_STATES } from "@/lib/email-accounts/filters/schema";
import { getSetUpProgress } from "@/lib/email-accounts/queries";
import type { AccountState } from "@/lib/email-accounts/schema";
import { requireUser } from "@/lib/http/auth/session";
import type { Actor } from "@/lib/kernel/actor";
import { readFilters } from "@/lib/kernel/paging/schema";
import { findLinkMail } from "@/lib/sign-ins/links/queries";
import { listExpiryLines } from "@/lib/watch/calendar/queries";
import { COMING_UP_DAYS } from "@/lib/watch/calendar/schema";
import { readHistory } from "@/lib/watch/history/queries";
import { type HistoryRange, historyFilterSchema } from "@/lib/watch/history/schema";
import { listWorstIncidents } from "@/lib/watch/incidents/list/queries";
import { ComingUp } from "./overview/coming-up";
import { FailingTests } from "./overview/failing-tests";
import { NeedsNow } from "./overview/needs-now";
import { OnboardingCard } from "./overview/onboarding";
import classes from "./overview/overview.module.css";
import { OVER_TIME, Pictures } from "./overview/pictures";
import { SetUpSteps } from "./overview/set-up-steps";
import { Totals } from "./overview/totals";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage({ searchParams }: PageProps<"/">) {
  const actor = await requireUser();
  const { filters, unknown } = readFilters(historyFilterSchema, await searchParams);
  const [progress, standing] = await Promise.all([getSetUpProgress(actor), readStanding(actor)]);
  const isSetUp = Object.values(progress).every(Boolean);
  return (
    <Page
      title="Overview"
      description={isSetUp ? undefined : "Four steps to tested mail."}
      actions={
        progress.hasProvider && (
          <LinkButton
            href={filters.range ? "/" : pageAt(`/?range=day#${OVER_TIME}`)}
            variant="default"
            size="xs"
          >
            {filters.range ? "Hide charts" : "Charts"}
          </LinkButton>
        )
      }
    >
      <Stack gap="md" className={classes.page} data-tells-incidents>
        {!isSetUp && <SetUpSteps progress={progress} />}
        {progress.hasProvider && <Standing standing={standing} />}
        {progress.hasProvider && <OverTime actor={actor} range={filters.range} unknown={unknown} />}
      </Stack>
    </Page>
  );
}

async function readStanding(actor: Actor) {
  const [states, onboarding, links, causes, incidents, lines] = await Promise.all([
    countStates(actor),
    readOnboarding(actor),
    findLinkMail(actor),
    listByCause(actor),
    listWorstIncidents(actor),
    listExpiryLines(actor, COMING_UP_DAYS),
  ]);
  return { states, onboarding, links, causes, incidents, lines };
}

function Standing({ standing }: { standing: Awaited<ReturnType<typeof readStanding>> }) {
  const { states, onboarding, links, causes, incidents, lines } = standing;
  return (
    <>
      <Totals counts={states} />
      {onboarding.waiting > 0 && (
        <OnboardingCard onboarding={onboarding} settings={links.settings} />
      )}
      <NeedsNow
        incidents={incidents}
        causes={causes}
        attention={attentionOf(states)}
        isWaited={onboarding.waiting > 0}
      />
      <ComingUp lines={lines} days={COMING_UP_DAYS} />
    </>
  );
}

type OverTimeProps = { actor: Actor; range: HistoryRange | undefined; unknown: string[] };

/** Read when they are asked for. */
async function OverTime({ actor, range, unknown }: OverTimeProps) {
  if (!range && unknown.length === 0) return null;
  const [history, day] = await Promise.all([
    readHistory(actor, range ?? "day"),
    readTestDay(actor),
  ]);
  return (
    <>
      <Pictures history={history} unknown={unknown} />
      <FailingTests day={day} />
    </>
  );
}

const NEEDING: readonly AccountState[] = VIEW_STATES.attention;

function attentionOf(states: StateCount[]) {
  const needing = states.filter(({ state }) => NEEDING.includes(state));
  return {
    count: needing.reduce((sum, { count }) => sum + count, 0),
    isCapped: needing.some(({ isCapped }) => isCapped),
  };
}
