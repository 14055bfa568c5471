import { z } from "zod";
import { exportAudit } from "@/lib/audit/trail/export";
import { auditExportSchema, EXPORT_FORMATS } from "@/lib/audit/trail/schema";
import { exportContacts } from "@/lib/contacts/export";
import { listContacts } from "@/lib/contacts/queries";
import { EXPORT_FORMATS as CONTACT_FORMATS } from "@/lib/contacts/schema";
import { readBody } from "@/lib/http/read-body";
import { requirePermission } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { openStreams } from "@/lib/kernel/events/stream-places";
import { exportMigration } from "@/lib/migration/export";
import { readSmtpAuthReport } from "@/lib/migration/report";
import { REPORT_MAX_BYTES, smtpAuthReportSchema } from "@/lib/migration/schema";
import { findCertificate } from "@/lib/registrations/credentials/queries";
import { idParam, operationsOf } from "../operation";

/** Files, as people download them and programs fetch them, and one that is read. */

const REPORT_EXAMPLE =
  "Sender address,Domain,Messages sent,Authentication protocol\nscanner@contoso.com,contoso.com,120,Basic\n";

const TYPES = {
  csv: "text/csv; charset=utf-8; header=present",
  jsonl: "application/jsonl; charset=utf-8",
  vcf: "text/vcard; charset=utf-8",
} as const;

export const exportAuditOperation = operationsOf("Audit trail").define({
  at: "exportAudit: GET /api/auditEvents",
  summary: "The audit trail as a file",
  description: "With the filters of its page.",
  permission: "audit:read",
  // What the page passes over and names is refused here: a program would take all of the trail for what it asked.
  query: auditExportSchema.extend({ format: z.enum(EXPORT_FORMATS).default("jsonl") }),
  answer: {
    status: 200,
    description: "One JSON object a line, or CSV.",
    contentType: ["application/jsonl", "text/csv"],
  },
  async handle({ actor, query: { format, ...filter } }) {
    requirePermission(actor, "audit:read");
    return fileOf(exportAudit(actor, { filter, format }), "audit", format);
  },
});

export const exportContactsOperation = operationsOf("Contacts").define({
  at: "exportContacts: GET /api/contacts/export",
  summary: "Contacts as a file",
  description: "All contacts or those of one list, optionally filtered by a search.",
  permission: "contacts:read",
  query: z.strictObject({
    format: z.enum(CONTACT_FORMATS, { error: "format must be csv or vcf." }).default("csv"),
    search: z.string().max(200).default(""),
    ...listContacts.filterSchema.shape,
  }),
  errors: ["not_found"],
  answer: {
    status: 200,
    description: "CSV, or vCard 4.0.",
    contentType: ["text/csv", "text/vcard"],
  },
  async handle({ actor, query: { format, ...filter } }) {
    requirePermission(actor, "contacts:read");
    return fileOf(exportContacts(actor, { filter, format }), "contacts", format);
  },
});

export const exportMigrationOperation = operationsOf("Email accounts").define({
  at: "exportMigration: GET /api/migration",
  summary: "Accounts that still use a password, and what happens to each on which day",
  permission: "accounts:read",
  answer: { status: 200, description: "CSV with a header.", contentType: "text/csv" },
  async handle({ actor }) {
    requirePermission(actor, "accounts:read");
    return fileOf(exportMigration(actor), "migration", "csv");
  },
});

export const readSmtpAuthReportOperation = operationsOf("Email accounts").define({
  at: "readSmtpAuthReport: POST /api/migration/smtpAuthReport",
  summary: "Who still sends with a password, by Microsoft's report",
  description:
    "The body is the CSV file of the report “SMTP AUTH clients” in the Exchange admin center. Of its columns, Sender address is needed; Authentication protocol, Messages sent, TLS 1.0 and TLS 1.1 are read. Nothing is written.",
  permission: "accounts:read",
  file: { contentType: "text/csv", example: REPORT_EXAMPLE },
  errors: ["payload_too_large"],
  answer: {
    status: 200,
    description: "The senders with a password, by messages, each with what to do.",
    schema: smtpAuthReportSchema,
  },
  async handle({ actor, request }) {
    requirePermission(actor, "accounts:read");
    return readSmtpAuthReport(actor, await readBody(request, REPORT_MAX_BYTES));
  },
});

export const getCertificateOperation = operationsOf("Cloud providers").define({
  at: "getCertificate: GET /api/cloudProviders/{cloudProviderId}/certificates/{thumbprint}",
  summary: "The public part of a certificate",
  description: "To be uploaded at the identity platform.",
  permission: "providers:read",
  params: z.object({
    cloudProviderId: idParam,
    thumbprint: z
      .string()
      .regex(/^[0-9a-f]{40}$/i)
      .describe("The SHA-1 of the certificate, 40 hexadecimal digits."),
  }),
  answer: { status: 200, description: "PEM.", contentType: "application/x-x509-ca-cert" },
  async handle({ actor, params: { cloudProviderId, thumbprint } }) {
    const pem = await findCertificate(actor, { cloudProviderId, thumbprint });
    if (!pem) throw new AppError("not_found", "This provider has no such certificate.");
    return new Response(pem, {
      headers: {
        "content-type": "application/x-x509-ca-cert",
        "content-disposition": `attachment; filename="postkey-${thumbprint.slice(0, 8)}.cer"`,
        "cache-control": "no-store",
      },
    });
  },
});

/** Aborts visibly when the server stops. */
function fileOf(pieces: AsyncGenerator<string>, what: string, format: keyof typeof TYPES) {
  const encoder = new TextEncoder();
  let stop = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      stop = () => controller.error(new Error("The server stops."));
      openStreams().add(stop);
    },
    async pull(controller) {
      try {
        const { value, done } = await pieces.next();
        if (!done) return controller.enqueue(encoder.encode(value));
        openStreams().delete(stop);
        controller.close();
      } catch (error) {
        openStreams().delete(stop);
        controller.error(error);
      }
    },
    async cancel() {
      openStreams().delete(stop);
      await pieces.return(undefined);
    },
  });
  const day = wallTime().toISOString().slice(0, 10);
  return new Response(stream, {
    headers: {
      "content-type": TYPES[format],
      "content-disposition": `attachment; filename="postkey-${what}-${day}.${format}"`,
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
