import type { ReactNode } from "react";
import { LiveUpdates } from "@/components/live-updates";
import { Shell } from "@/components/shell";
import { requireUser } from "@/lib/http/auth/session";
import { isKeeperRunning } from "@/lib/installation/keepers/queries";
import { findLastEventId } from "@/lib/kernel/events/queries";
import { signOutAction } from "./actions";
import { Attention } from "./attention";

export const dynamic = "force-dynamic";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const user = await requireUser();
  const [isKept, lastEventId] = await Promise.all([isKeeperRunning(), findLastEventId()]);
  return (
    <Shell userName={user.name} signOut={signOutAction}>
      <LiveUpdates userId={user.id} lastEventId={lastEventId} />
      <Attention actor={user} isKept={isKept} />
      {children}
    </Shell>
  );
}
