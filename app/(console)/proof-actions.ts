"use server";

import { defineAction } from "@/lib/http/action";
import { readBrowserCookie, readCeremony, rememberCeremony } from "@/lib/http/auth/own-cookies";
import { proveOneself, requireProof } from "@/lib/people/factors/proof";
import { findProofMethods } from "@/lib/people/factors/queries";
import {
  findProofMethodsSchema,
  proveOneselfSchema,
  requireProofSchema,
} from "@/lib/people/factors/schema";
import { beginPasskeyProof, proveWithPasskey } from "@/lib/people/passkeys/prove";
import { beginPasskeySchema, provePasskeySchema } from "@/lib/people/passkeys/schema";

export const findProofMethodsAction = defineAction(
  findProofMethodsSchema,
  (actor) => findProofMethods(actor),
  { isForRestricted: true },
);

export const proveOneselfAction = defineAction(
  proveOneselfSchema,
  async (actor, input) => proveOneself(actor, input, await readBrowserCookie()),
  { isForRestricted: true },
);

export const beginPasskeyProofAction = defineAction(
  beginPasskeySchema,
  async (actor) => {
    const { options, token } = await beginPasskeyProof(actor);
    await rememberCeremony("passkey", token);
    return options;
  },
  { isForRestricted: true },
);

export const proveWithPasskeyAction = defineAction(
  provePasskeySchema,
  async (actor, input) => proveWithPasskey(actor, input, await readCeremony("passkey")),
  { isForRestricted: true },
);

/** Before a file is downloaded by its address: a download cannot ask the person. */
export const requireProofAction = defineAction(requireProofSchema, async (actor) =>
  requireProof(actor),
);
