import { requirePermission } from "@/lib/actor";
import { defineRoute } from "@/lib/http/route";
import { textStream } from "@/lib/http/text-stream";
import { exportMigration } from "@/lib/migration/export";

export const dynamic = "force-dynamic";

/** Accounts that still use a password, and what happens to each on which day: text/csv. */
export const GET = defineRoute(async ({ actor }) => {
  requirePermission(actor, "accounts:read");
  const day = new Date().toISOString().slice(0, 10);
  return textStream(exportMigration(actor), {
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": `attachment; filename="postkey-migration-${day}.csv"`,
  });
});
