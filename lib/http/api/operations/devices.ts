import { z } from "zod";
import { importDevices } from "@/lib/devices/import/run";
import {
  DEVICE_IMPORT_MAX_BYTES,
  deviceImportParamsSchema,
  deviceImportReportSchema,
} from "@/lib/devices/import/schema";
import {
  createDevice,
  deviceNotFound,
  pauseDevice,
  revokeDevice,
  rotateDevice,
  updateDevice,
} from "@/lib/devices/mutations";
import { describeGateway, findDevice, findEditedDevice, listDevices } from "@/lib/devices/queries";
import { connectionsOf, type DeviceRow, deviceSchema } from "@/lib/devices/schema";
import { readBody } from "@/lib/http/read-body";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { resourceOperations } from "../editing";
import { done, ok, operationsOf, pageOf, shownOnce } from "../operation";

const tag = "Devices";
const { command, define } = operationsOf(tag);

const path = "/api/devices/{deviceId}";

function withConnect(actor: Actor, row: DeviceRow) {
  return { ...row, connect: connectionsOf(row, describeGateway(actor)) };
}

async function findConnected(actor: Actor, id: string) {
  const found = await findDevice(actor, id);
  return found && withConnect(actor, found);
}

const withPassword = z.object({
  id: z.uuid(),
  password: z.string().describe("Returned only here. Postkey stores a hash."),
});

export const listDevicesOperation = define({
  at: "listDevices: GET /api/devices",
  summary: "The devices, a page at a time",
  permission: "devices:read",
  query: listDevices.querySchema(50),
  answer: ok("A page.", pageOf(deviceSchema)),
  async handle({ actor, query }) {
    const { rows, ...page } = await listDevices(actor, query);
    return { ...page, rows: rows.map((row) => withConnect(actor, row)) };
  },
});

export const createDeviceOperation = command(createDevice, {
  at: "createDevice: POST /api/devices",
  summary: "Create a device, with a password of its own for one account's mail",
  answer: shownOnce("It was created.", withPassword),
});

export const importDevicesOperation = define({
  at: "importDevices: POST /api/devices/import",
  summary: "Create many devices from a CSV file",
  description:
    "The body is the file. Its first line names the columns: name and account (its key or address), and optionally protocols, senders, rewriteFrom (yes or no), networks, messagesPerMinute and expiresOn. Nothing is written unless dryRun is false.",
  permission: "devices:write",
  query: deviceImportParamsSchema,
  file: { contentType: "text/csv", example: "name,account,protocols\nScanner,SUP,smtp\n" },
  errors: ["payload_too_large"],
  answer: {
    status: 200,
    description: "The result of each line, with the password of each new device.",
    schema: deviceImportReportSchema,
    isShownOnce: true,
  },
  async handle({ actor, request, query: { dryRun } }) {
    requirePermission(actor, "devices:write");
    const file = await readBody(request, DEVICE_IMPORT_MAX_BYTES);
    return importDevices(actor, { isDryRun: dryRun === "true", file });
  },
});

export const deviceOperations = resourceOperations({
  name: "Device",
  tag,
  answer: deviceSchema,
  find: findConnected,
  findEdited: findEditedDevice,
  update: updateDevice,
  notFound: deviceNotFound,
  answered: "The device, without its password.",
  patch: {
    summary: "Change some fields of a device, or pause or resume it",
    description: "`paused` is changed alone. The password stays the same.",
  },
  patchAlone: pauseDevice,
});

export const revokeDeviceOperation = command(revokeDevice, {
  at: `revokeDevice: DELETE ${path}`,
  summary: "Revoke a device",
  description: "Its connections are closed within a second.",
  isVersioned: true,
  answer: done("It was revoked."),
});

export const rotateDeviceOperation = command(rotateDevice, {
  at: `rotateDevice: POST ${path}/password`,
  summary: "Give a device a new password",
  description:
    "The old password stops working, and connections made with it are closed. The first six characters stay: they are the name of the device in lists and no secret, and the other 26 are new.",
  answer: shownOnce("The new password.", withPassword),
});
