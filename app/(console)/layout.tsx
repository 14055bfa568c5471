import type { ReactNode } from "react";
import { RoleProvider } from "@/components/can";
import { LiveUpdates } from "@/components/live-updates";
import { Shell } from "@/components/shell";
import { lacksOf } from "@/lib/access/roles/permissions";
import { requireUser } from "@/lib/http/auth/session";
import { isKeeperRunning } from "@/lib/installation/keepers/queries";
import { findLastEventId } from "@/lib/kernel/events/queries";
import { countOpenIncidents } from "@/lib/watch/incidents/list/queries";
import { signOutAction } from "./actions";
import { Attention } from "./attention";
import { ProofDialog } from "./proof-dialog";
import { RepairDeedsOfConsole } from "./repair-deeds";

export const dynamic = "force-dynamic";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const user = await requireUser();
  const [isKept, lastEventId, incidentCount] = await Promise.all([
    isKeeperRunning(),
    findLastEventId(),
    countOpenIncidents(user),
  ]);
  return (
    <RoleProvider lacks={lacksOf(user)}>
      <Shell userName={user.name} signOut={signOutAction} counts={{ "/incidents": incidentCount }}>
        <LiveUpdates userId={user.id} lastEventId={lastEventId} />
        <ProofDialog />
        <RepairDeedsOfConsole>
          <Attention actor={user} isKept={isKept} />
          {children}
        </RepairDeedsOfConsole>
      </Shell>
    </RoleProvider>
  );
}
