import { z } from "zod";
import { requirePermission } from "@/lib/actor";
import { exportAudit } from "@/lib/audit/trail/export";
import { auditParamsSchema, EXPORT_FORMATS } from "@/lib/audit/trail/schema";
import { AppError } from "@/lib/errors";
import { defineRoute } from "@/lib/http/route";
import { textStream } from "@/lib/http/text-stream";

export const dynamic = "force-dynamic";

const formatSchema = z.enum(EXPORT_FORMATS);
const TYPES = {
  csv: "text/csv; charset=utf-8; header=present",
  jsonl: "application/jsonl; charset=utf-8",
} as const;

/** The audit trail as a file, with the filters of its page. */
export const GET = defineRoute(async ({ request, actor }) => {
  requirePermission(actor, "audit:read");
  const query = Object.fromEntries(request.nextUrl.searchParams);
  const format = formatSchema.safeParse(query.format ?? "jsonl").data;
  if (!format) throw new AppError("invalid_request", "format must be csv or jsonl.");
  const filter = auditParamsSchema.parse(query);
  const day = new Date().toISOString().slice(0, 10);
  return textStream(exportAudit(actor, { filter, format }), {
    "content-type": TYPES[format],
    "content-disposition": `attachment; filename="postkey-audit-${day}.${format}"`,
  });
});
