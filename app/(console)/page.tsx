import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { Page } from "@/components/page";
import { listTestStrips } from "@/lib/checks/queries";
import { getSetUpProgress } from "@/lib/email-accounts/queries";
import { requireUser } from "@/lib/http/auth/session";
import type { Actor } from "@/lib/kernel/actor";
import { listExpiries } from "@/lib/watch/calendar/queries";
import { listOpenIncidents } from "@/lib/watch/incidents/queries";
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
    <Page title="Overview" description={isSetUp ? undefined : "Four steps to tested mail."}>
      <Stack gap="xl">
        {!isSetUp && <SetUpSteps progress={progress} />}
        {progress.hasProvider && <Standing actor={actor} />}
      </Stack>
    </Page>
  );
}

async function Standing({ actor }: { actor: Actor }) {
  const [incidents, expiries, tests] = await Promise.all([
    listOpenIncidents(actor),
    listExpiries(actor, AHEAD_DAYS),
    listTestStrips(actor),
  ]);
  return (
    <>
      <NeedsNow incidents={incidents} />
      <ComingUp expiries={expiries} days={AHEAD_DAYS} />
      <TestStrips {...tests} />
    </>
  );
}
