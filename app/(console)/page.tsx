import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { Page } from "@/components/page";
import type { Actor } from "@/lib/actor";
import { requireUser } from "@/lib/auth/session";
import { listExpiries } from "@/lib/calendar/queries";
import { listTestStrips } from "@/lib/connection-tests/queries";
import { getSetUpProgress } from "@/lib/email-accounts/queries";
import { listOpenIncidents } from "@/lib/incidents/queries";
import { ComingUp } from "./overview/coming-up";
import { NeedsNow } from "./overview/needs-now";
import { SetUpSteps } from "./overview/set-up-steps";
import { TestStrips } from "./overview/test-strips";

export const metadata: Metadata = { title: "Overview" };

const AHEAD_DAYS = 60;

export default async function OverviewPage() {
  const actor = await requireUser();
  const progress = await getSetUpProgress(actor);
  const isSetUp = Object.values(progress).every(Boolean);
  return (
    <Page
      title="Overview"
      description={isSetUp ? undefined : "From nothing to tested mail in four steps."}
    >
      <Stack gap="xl">
        {!isSetUp && <SetUpSteps progress={progress} />}
        {progress.hasProvider && <Standing actor={actor} />}
      </Stack>
    </Page>
  );
}

async function Standing({ actor }: { actor: Actor }) {
  const [incidents, expiries, strips] = await Promise.all([
    listOpenIncidents(actor),
    listExpiries(actor, AHEAD_DAYS),
    listTestStrips(actor),
  ]);
  return (
    <>
      <NeedsNow incidents={incidents} />
      <ComingUp expiries={expiries} days={AHEAD_DAYS} />
      <TestStrips strips={strips} />
    </>
  );
}
