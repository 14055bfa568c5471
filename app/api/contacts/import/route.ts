import { requirePermission } from "@/lib/actor";
import { importContacts } from "@/lib/contacts/import/run";
import { IMPORT_MAX_BYTES, importParamsSchema } from "@/lib/contacts/import/schema";
import { AppError } from "@/lib/errors";
import { readBody } from "@/lib/http/read-body";
import { defineRoute } from "@/lib/http/route";

export const dynamic = "force-dynamic";

/** Takes a CSV file as the body. Writes nothing unless `dryRun=false`; answers what came of each line. */
export const POST = defineRoute(async ({ request, actor }) => {
  requirePermission(actor, "contacts:write");
  const query = importParamsSchema.safeParse(Object.fromEntries(request.nextUrl.searchParams));
  if (!query.success) throw new AppError("invalid_request", "contactListId must be a list's id.");
  const { contactListId, dryRun } = query.data;
  const file = await readBody(request, IMPORT_MAX_BYTES);
  const report = await importContacts(actor, { contactListId, isDryRun: dryRun !== "false", file });
  return Response.json(report, { headers: { "cache-control": "no-store" } });
});
