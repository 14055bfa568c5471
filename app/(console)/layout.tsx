import type { ReactNode } from "react";
import { RoleProvider } from "@/components/can";
import { LiveUpdates } from "@/components/live-updates";
import { Shell } from "@/components/shell";
import { ShownOnce } from "@/components/shown-once";
import { requireUser } from "@/lib/http/auth/session";
import { VERSION } from "@/lib/kernel/version";
import { lacksOf } from "@/lib/people/roles/permissions";
import { readWarnings } from "@/lib/watch/warnings/queries";
import { signOutAction } from "./actions";
import { Attention } from "./attention";
import { ProofDialog } from "./proof-dialog";
import { RepairDeedsOfConsole } from "./repair-deeds";
import { SearchButton } from "./search/search-button";

export const dynamic = "force-dynamic";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const user = await requireUser();
  const warnings = await readWarnings(user);
  return (
    <RoleProvider lacks={lacksOf(user)}>
      <Shell
        userName={user.name}
        signOut={signOutAction}
        counts={{ "/incidents": warnings.openIncidents }}
        version={VERSION}
        search={<SearchButton />}
      >
        <LiveUpdates userId={user.id} lastEventId={warnings.lastEventId} />
        <ProofDialog />
        <ShownOnce person={user.id} />
        <RepairDeedsOfConsole>
          <Attention lockedBecause={user.lockedBecause} warnings={warnings} />
          {children}
        </RepairDeedsOfConsole>
      </Shell>
    </RoleProvider>
  );
}
