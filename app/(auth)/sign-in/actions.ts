"use server";

import { findFactors } from "@/lib/access/factors/queries";
import { findFactorsSchema } from "@/lib/access/factors/schema";
import { beginPasskeySchema } from "@/lib/access/passkeys/schema";
import { beginPasskey } from "@/lib/access/passkeys/verify";
import { defineAction, definePublicAction } from "@/lib/http/action";
import { rememberCeremony } from "@/lib/http/auth/own-cookies";

export const beginPasskeySignInAction = definePublicAction(beginPasskeySchema, async () => {
  const { options, token } = await beginPasskey(null);
  await rememberCeremony("passkey", token);
  return options;
});

/** The roles of the person who has just signed in. */
export const findFactorsAction = defineAction(findFactorsSchema, (actor) => findFactors(actor), {
  isForRestricted: true,
});
