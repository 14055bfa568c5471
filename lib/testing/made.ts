import type { z } from "zod";
import { createDevice as create } from "@/lib/devices/mutations";
import { createDeviceSchema } from "@/lib/devices/schema";
import type { Actor } from "@/lib/kernel/actor";
import { createApiKey as createKey } from "@/lib/programs/mutations";
import { createApiKeySchema } from "@/lib/programs/schema";

export type DeviceForm = z.input<typeof createDeviceSchema>;
export type KeyForm = z.input<typeof createApiKeySchema>;

/** A device, with the defaults of a form. */
export const createDevice = async (actor: Actor, form: DeviceForm) =>
  create(actor, createDeviceSchema.parse(form));

/** An API key, likewise. */
export const createApiKey = async (actor: Actor, form: KeyForm) =>
  createKey(actor, createApiKeySchema.parse(form));

/** Makes devices of an account that may speak all protocols. */
export const scannerOf =
  (actor: Actor, account: { emailAccountId: string }) =>
  (changes: Partial<DeviceForm> = {}) => {
    const { emailAccountId } = account;
    const protocols: DeviceForm["protocols"] = ["imap", "pop3", "smtp"];
    return createDevice(actor, { name: "Scanner", emailAccountId, protocols, ...changes });
  };
