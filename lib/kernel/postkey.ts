import type { Actor } from "./actor";
import { mintActor } from "./mint-actor";
import { POSTKEY_NAME } from "./postkey-name";

/** Postkey itself, for what it does without being asked: falling back, rotating, finishing a device code. */
export const POSTKEY: Actor = mintActor({
  kind: "job",
  id: "postkey",
  name: POSTKEY_NAME,
  permissions: new Set(["providers:read", "providers:write", "authorizations:write"]),
});
