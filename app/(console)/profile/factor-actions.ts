"use server";

import { defineAction } from "@/lib/http/action";
import { readCeremony, rememberCeremony } from "@/lib/http/auth/own-cookies";
import {
  beginAuthenticator,
  confirmAuthenticator,
  removeAuthenticator,
  renewRecoveryCodes,
} from "@/lib/people/factors/mutations";
import {
  beginAuthenticatorSchema,
  confirmAuthenticatorSchema,
  removeAuthenticatorSchema,
  renewRecoveryCodesSchema,
} from "@/lib/people/factors/schema";
import { addPasskey, beginAddingPasskey, removePasskey } from "@/lib/people/passkeys/mutations";
import {
  addPasskeySchema,
  beginPasskeySchema,
  removePasskeySchema,
} from "@/lib/people/passkeys/schema";

// They name no path to render again: the page that asked, the profile or that of the second factor, loads itself again.
export const beginAuthenticatorAction = defineAction(
  beginAuthenticatorSchema,
  (actor) => beginAuthenticator(actor),
  { isForRestricted: true },
);

export const confirmAuthenticatorAction = defineAction(
  confirmAuthenticatorSchema,
  confirmAuthenticator,
  { isForRestricted: true },
);

export const removeAuthenticatorAction = defineAction(
  removeAuthenticatorSchema,
  (actor) => removeAuthenticator(actor),
  { revalidates: "/profile" },
);

export const renewRecoveryCodesAction = defineAction(renewRecoveryCodesSchema, (actor) =>
  renewRecoveryCodes(actor),
);

export const beginAddingPasskeyAction = defineAction(
  beginPasskeySchema,
  async (actor) => {
    const { options, token } = await beginAddingPasskey(actor);
    await rememberCeremony("passkey", token);
    return options;
  },
  { isForRestricted: true },
);

export const addPasskeyAction = defineAction(
  addPasskeySchema,
  async (actor, input) => addPasskey(actor, input, await readCeremony("passkey")),
  { isForRestricted: true },
);

export const removePasskeyAction = defineAction(removePasskeySchema, removePasskey, {
  revalidates: "/profile",
});
