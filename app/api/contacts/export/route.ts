import { requirePermission } from "@/lib/actor";
import { exportContacts } from "@/lib/contacts/export";
import { exportParamsSchema } from "@/lib/contacts/schema";
import { AppError } from "@/lib/errors";
import { defineRoute } from "@/lib/http/route";
import { textStream } from "@/lib/http/text-stream";

export const dynamic = "force-dynamic";

const TYPES = {
  csv: "text/csv; charset=utf-8; header=present",
  vcf: "text/vcard; charset=utf-8",
} as const;

/** Contacts as a file: those of one list or of all, and of them what a search finds. */
export const GET = defineRoute(async ({ request, actor }) => {
  requirePermission(actor, "contacts:read");
  const query = exportParamsSchema.safeParse(Object.fromEntries(request.nextUrl.searchParams));
  if (!query.success)
    throw new AppError("invalid_request", query.error.issues[0]?.message ?? "Not a valid query.");
  const { format, ...filter } = query.data;
  const day = new Date().toISOString().slice(0, 10);
  return textStream(exportContacts(actor, { filter, format }), {
    "content-type": TYPES[format],
    "content-disposition": `attachment; filename="postkey-contacts-${day}.${format}"`,
  });
});
