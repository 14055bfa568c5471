import { findCertificate } from "@/lib/cloud-providers/queries";
import { AppError } from "@/lib/errors";
import { idSchema } from "@/lib/fields/schema";
import { defineRoute } from "@/lib/http/route";

export const dynamic = "force-dynamic";

type Params = { cloudProviderId: string; thumbprint: string };

/** The public part of a certificate, to be uploaded at the identity platform. */
export const GET = defineRoute<Params>(async ({ actor, params }) => {
  const cloudProviderId = idSchema.safeParse(params.cloudProviderId).data;
  const { thumbprint } = params;
  const pem = cloudProviderId
    ? await findCertificate(actor, { cloudProviderId, thumbprint })
    : null;
  if (!pem) throw new AppError("not_found", "This provider has no such certificate.");
  return new Response(pem, {
    headers: {
      "content-type": "application/x-x509-ca-cert",
      "content-disposition": `attachment; filename="postkey-${thumbprint.slice(0, 8)}.cer"`,
      "cache-control": "no-store",
    },
  });
});
