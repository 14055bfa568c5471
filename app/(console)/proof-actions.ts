"use server";

import { proveOneself, requireProof } from "@/lib/access/factors/proof";
import { findProofMethods } from "@/lib/access/factors/queries";
import {
  findProofMethodsSchema,
  proveOneselfSchema,
  requireProofSchema,
} from "@/lib/access/factors/schema";
import { beginPasskeyProof, proveWithPasskey } from "@/lib/access/passkeys/prove";
import { beginPasskeySchema, provePasskeySchema } from "@/lib/access/passkeys/schema";
import { defineAction } from "@/lib/http/action";
import { readCeremony, readDeviceCookie, rememberCeremony } from "@/lib/http/auth/own-cookies";

export const findProofMethodsAction = defineAction(
  findProofMethodsSchema,
  (actor) => findProofMethods(actor),
  { isForRestricted: true },
);

export const proveOneselfAction = defineAction(
  proveOneselfSchema,
  async (actor, input) => proveOneself(actor, input, await readDeviceCookie()),
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
