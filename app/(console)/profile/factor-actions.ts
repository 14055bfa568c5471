"use server";

import { defineAction } from "@/lib/http/action";
import { readCeremony, rememberPasskey } from "@/lib/http/auth/own-cookies";
import { noInputSchema } from "@/lib/kernel/fields/schema";
import {
  beginAuthenticator,
  confirmAuthenticator,
  removeAuthenticator,
  renewRecoveryCodes,
} from "@/lib/people/factors/mutations";
import { secondFactorSchema } from "@/lib/people/factors/schema";
import { addPasskey, beginAddingPasskey, removePasskey } from "@/lib/people/passkeys/mutations";
import { addPasskeySchema, removePasskeySchema } from "@/lib/people/passkeys/schema";

// They name no path to render again: the page that asked, the profile or that of the second factor, loads itself again.
const settingUp = { isForRestricted: true };
const removing = { revalidates: "/profile" };

export const beginAuthenticatorAction = defineAction(noInputSchema, beginAuthenticator, settingUp);
export const confirmAuthenticatorAction = defineAction(
  secondFactorSchema,
  confirmAuthenticator,
  settingUp,
);
export const removeAuthenticatorAction = defineAction(noInputSchema, removeAuthenticator, removing);
export const renewRecoveryCodesAction = defineAction(noInputSchema, renewRecoveryCodes);
export const beginAddingPasskeyAction = defineAction(
  noInputSchema,
  async (actor) => rememberPasskey(await beginAddingPasskey(actor)),
  settingUp,
);
export const addPasskeyAction = defineAction(
  addPasskeySchema,
  async (actor, input) => addPasskey(actor, input, await readCeremony("passkey")),
  settingUp,
);
export const removePasskeyAction = defineAction(removePasskeySchema, removePasskey, removing);
