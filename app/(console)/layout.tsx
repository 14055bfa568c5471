import type { ReactNode } from "react";
import { LiveUpdates } from "@/components/live-updates";
import { Shell } from "@/components/shell";
import { requireUser } from "@/lib/auth/session";
import { signOutAction } from "./actions";

export const dynamic = "force-dynamic";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const user = await requireUser();
  return (
    <Shell userName={user.name} signOut={signOutAction}>
      <LiveUpdates userId={user.id} />
      {children}
    </Shell>
  );
}
