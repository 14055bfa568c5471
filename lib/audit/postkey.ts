import { POSTKEY_NAME } from "@/lib/kernel/postkey-name";
import type { AuditActor } from "./mutations";

/** Postkey itself in the trail, for what it did without being asked. It may nothing by this. */
export const BY_POSTKEY = {
  kind: "job",
  id: "postkey",
  name: POSTKEY_NAME,
} as const satisfies AuditActor;
