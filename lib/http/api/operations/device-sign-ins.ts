import { z } from "zod";
import { listAttempts, listUnknownAttempts } from "@/lib/devices/attempts/queries";
import { attemptSchema } from "@/lib/devices/attempts/schema";
import { findDeviceAuthority } from "@/lib/devices/gateways/queries";
import { deviceNotFound } from "@/lib/devices/mutations";
import { findDevice } from "@/lib/devices/queries";
import { AppError } from "@/lib/kernel/errors";
import { idParam, ok, operationsOf, pageOf, wholePage } from "../operation";

const { define } = operationsOf("Devices");

const attempts = pageOf(attemptSchema);

export const listDeviceAttemptsOperation = define({
  at: "listDeviceAttempts: GET /api/devices/{deviceId}/attempts",
  summary: "The last sign-ins of a device",
  permission: "devices:read",
  params: z.object({ deviceId: idParam }),
  answer: ok("The 50 that are kept, newest first.", attempts),
  async handle({ actor, params: { deviceId } }) {
    if (!(await findDevice(actor, deviceId))) throw deviceNotFound();
    return wholePage(await listAttempts(actor, deviceId));
  },
});

export const listUnknownAttemptsOperation = define({
  at: "listUnknownDeviceAttempts: GET /api/deviceAttempts",
  summary: "Attempts of the last 15 minutes that can't be told to be of one device",
  description:
    "A name that no device has, a wrong password under a name that several have, or a connection that ended before the login, such as TLS that failed.",
  permission: "devices:read",
  answer: ok("Of the 50 that are kept, newest first.", attempts),
  handle: async ({ actor }) => wholePage(await listUnknownAttempts(actor)),
});

export const getDeviceAuthorityOperation = define({
  at: "getDeviceAuthority: GET /api/deviceAuthority",
  summary: "The certificate of the local authority, for devices to trust",
  permission: "devices:read",
  errors: ["not_found"],
  answer: { status: 200, description: "PEM.", contentType: "application/x-pem-file" },
  async handle({ actor }) {
    const certificate = await findDeviceAuthority(actor);
    if (certificate === null)
      throw new AppError("not_found", "The gateway does not use a local authority.");
    return new Response(certificate, {
      headers: {
        "content-type": "application/x-pem-file",
        "content-disposition": 'attachment; filename="postkey-authority.pem"',
      },
    });
  },
});
