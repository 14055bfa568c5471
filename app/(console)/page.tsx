import { Stack } from "@mantine/core";
import Link from "next/link";
import { LinkButton } from "@/components/links";
import { Page } from "@/components/page";
import { pageAt } from "@/components/routes";
import { countStates, listByCause, readOnboarding } from "@/lib/email-accounts/filters/queries";
import {
  ACCOUNT_VIEW_LABELS,
  type AccountView,
  type StateCount,
  VIEW_STATES,
} from "@/lib/email-accounts/filters/schema";
import { getSetUpProgress } from "@/lib/email-accounts/queries";
import { ACCOUNT_STATES, type AccountState } from "@/lib/email-accounts/schema";
import { requireUser } from "@/lib/http/auth/session";
import type { Actor } from "@/lib/kernel/actor";
import { readFilters } from "@/lib/kernel/paging/schema";
import { findLinkMail } from "@/lib/sign-ins/links/queries";
import { listExpiryLines } from "@/lib/watch/calendar/queries";
import { COMING_UP_DAYS } from "@/lib/watch/calendar/schema";
import { historyFilterSchema } from "@/lib/watch/history/schema";
import { listWorstIncidents } from "@/lib/watch/incidents/list/queries";
import { ComingUp } from "./overview/coming-up";
import { NeedsNow } from "./overview/needs-now";
import { OnboardingCard } from "./overview/onboarding";
import { OVER_TIME, OverTime } from "./overview/over-time";
import classes from "./overview/overview.module.css";
import { SetUpSteps } from "./overview/set-up-steps";
import tiles from "./overview/totals.module.css";

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
      <nav aria-label="Email accounts by state">
        <ul className={tiles.tiles}>
          {TILES.map((tile) => (
            <li key={tile.label}>
              <TileLink
                tile={tile}
                counts={states.filter(({ state }) => tile.states.includes(state))}
              />
            </li>
          ))}
        </ul>
      </nav>
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

const NEEDING: readonly AccountState[] = VIEW_STATES.attention;

function attentionOf(states: StateCount[]) {
  const needing = states.filter(({ state }) => NEEDING.includes(state));
  return {
    count: needing.reduce((sum, { count }) => sum + count, 0),
    isCapped: needing.some(({ isCapped }) => isCapped),
  };
}

type Tile = {
  label: string;
  states: readonly AccountState[];
  view?: AccountView;
  tone?: "bad" | "warning";
};

const TILES: readonly Tile[] = [
  { label: "Email accounts", states: ACCOUNT_STATES },
  { label: "Needs attention", states: VIEW_STATES.attention, view: "attention", tone: "bad" },
  {
    label: ACCOUNT_VIEW_LABELS.not_signed_in,
    states: VIEW_STATES.not_signed_in,
    view: "not_signed_in",
    tone: "warning",
  },
  { label: "Test failed", states: VIEW_STATES.test_failed, view: "test_failed", tone: "bad" },
  { label: "Inactive", states: VIEW_STATES.inactive, view: "inactive" },
];

function TileLink({ tile, counts }: { tile: Tile; counts: StateCount[] }) {
  const { label, view, tone } = tile;
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const isCapped = counts.some((each) => each.isCapped);
  return (
    <Link
      href={pageAt(`/email/accounts${view ? `?view=${view}` : ""}`)}
      prefetch={false}
      className={tiles.tile}
      data-tone={total > 0 ? tone : undefined}
    >
      <strong>
        {total.toLocaleString("en")}
        {isCapped && "+"}
      </strong>
      <span>{label}</span>
    </Link>
  );
}
