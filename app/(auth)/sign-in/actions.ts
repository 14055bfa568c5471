"use server";

import { defineAction, definePublicAction } from "@/lib/http/action";
import { rememberCeremony } from "@/lib/http/auth/own-cookies";
import { findFactors } from "@/lib/people/factors/queries";
import { findFactorsSchema } from "@/lib/people/factors/schema";
import { beginPasskeySchema } from "@/lib/people/passkeys/schema";
import { beginPasskey } from "@/lib/people/passkeys/verify";

export const beginPasskeySignInAction = definePublicAction(beginPasskeySchema, async () => {
  const { options, token } = await beginPasskey(null);
  await rememberCeremony("passkey", token);
  return options;
});

/** The roles of the person who has just signed in. */
export const findFactorsAction = defineAction(findFactorsSchema, (actor) => findFactors(actor), {
  isForRestricted: true,
});
