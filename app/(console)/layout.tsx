import type { ReactNode } from "react";
import { ConsoleLocked } from "@/components/console-locked";
import { KeeperMissing } from "@/components/keeper-missing";
import { LiveUpdates } from "@/components/live-updates";
import { Shell } from "@/components/shell";
import { requireUser } from "@/lib/auth/session";
import { findLastEventId } from "@/lib/events/queries";
import { isKeeperRunning } from "@/lib/keeper/store";
import { signOutAction } from "./actions";
import { Attention } from "./attention";

export const dynamic = "force-dynamic";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const user = await requireUser();
  const [isKept, lastEventId] = await Promise.all([isKeeperRunning(), findLastEventId()]);
  return (
    <Shell userName={user.name} signOut={signOutAction}>
      <LiveUpdates userId={user.id} lastEventId={lastEventId} />
      {user.lockedBecause && <ConsoleLocked reason={user.lockedBecause} />}
      {!isKept && !user.lockedBecause && <KeeperMissing />}
      <Attention actor={user} />
      {children}
    </Shell>
  );
}
