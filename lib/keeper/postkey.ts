import { BY_POSTKEY } from "@/lib/audit/postkey";
import type { Actor } from "@/lib/kernel/actor";
import { mintActor } from "@/lib/kernel/mint-actor";

export const POSTKEY: Actor = mintActor({
  ...BY_POSTKEY,
  permissions: new Set(["providers:read", "providers:write", "authorizations:write"]),
});
