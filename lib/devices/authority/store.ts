import { type SealPlace, seal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { openOrLock } from "@/lib/kernel/open-sealed";
import { type Authority, makeAuthority } from "./make";

const PLACE: SealPlace = {
  table: "Installation",
  id: "1",
  column: "deviceAuthorityKeySealed",
  destination: null,
};

/** Made at first need, and shared by all gateways. @throws AppError locked */
export async function openAuthority(): Promise<Authority> {
  const stored = await readAuthority();
  if (stored) return stored;
  const made = await makeAuthority();
  await db().installation.updateMany({
    // Another process may have been faster.
    where: { id: 1, deviceAuthorityKeySealed: null },
    data: {
      deviceAuthority: made.certificate,
      deviceAuthorityKeySealed: seal(env().keyring, PLACE, made.privateKey),
    },
  });
  return (await readAuthority()) ?? made;
}

/** When the certificate ends that a gateway shows to devices, and whether the operator's files can't be used. */
export async function saveCertificateState(state: { until: Date | null; fails: boolean }) {
  const { until, fails } = state;
  await db().$executeRaw`UPDATE "Installation"
    SET "deviceCertificateExpiresAt" = coalesce(${until}, "deviceCertificateExpiresAt"),
      "deviceCertificateSeenAt" = CASE WHEN ${until}::timestamptz IS NULL THEN "deviceCertificateSeenAt" ELSE now() END,
      "deviceCertificateFailedAt" = CASE WHEN ${fails} THEN now() END
    WHERE id = 1`;
}

async function readAuthority(): Promise<Authority | null> {
  const row = await db().installation.findUnique({
    where: { id: 1 },
    select: { deviceAuthority: true, deviceAuthorityKeySealed: true },
  });
  if (!row?.deviceAuthority || !row.deviceAuthorityKeySealed) return null;
  const privateKey = openOrLock(
    PLACE,
    row.deviceAuthorityKeySealed,
    "The key of the local certificate authority can't be decrypted with the current encryption key.",
  );
  return { certificate: row.deviceAuthority, privateKey };
}
