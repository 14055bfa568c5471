import { BY_POSTKEY } from "@/lib/audit/postkey";
import type { Actor } from "@/lib/kernel/actor";
import { mintActor } from "@/lib/kernel/mint-actor";

/** Postkey itself, for what the clock sets off: rotating, finishing a device code, links for lapsed sign-ins. */
export const POSTKEY: Actor = mintActor({
  ...BY_POSTKEY,
  permissions: new Set(["providers:read", "providers:write", "authorizations:write"]),
});
