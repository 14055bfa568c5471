"use server";

import { defineAction } from "@/lib/http/action";
import { readBrowserCookie, readCeremony, rememberPasskey } from "@/lib/http/auth/own-cookies";
import { noInputSchema } from "@/lib/kernel/fields/schema";
import { proveOneself, requireProof } from "@/lib/people/factors/proof";
import { findProofMethods } from "@/lib/people/factors/queries";
import { proveOneselfSchema } from "@/lib/people/factors/schema";
import { provePasskeySchema } from "@/lib/people/passkeys/schema";
import { beginPasskeyProof, proveWithPasskey } from "@/lib/people/passkeys/verify";

const proving = { isForRestricted: true };

export const findProofMethodsAction = defineAction(noInputSchema, findProofMethods, proving);

export const proveOneselfAction = defineAction(
  proveOneselfSchema,
  async (actor, input) => proveOneself(actor, input, await readBrowserCookie()),
  proving,
);

export const beginPasskeyProofAction = defineAction(
  noInputSchema,
  async (actor) => rememberPasskey(await beginPasskeyProof(actor)),
  proving,
);

export const proveWithPasskeyAction = defineAction(
  provePasskeySchema,
  async (actor, input) => proveWithPasskey(actor, input, await readCeremony("passkey")),
  proving,
);

/** Before a file is downloaded by its address: a download cannot ask the person. */
export const requireProofAction = defineAction(noInputSchema, async (actor) => requireProof(actor));
