import { POSTKEY_NAME } from "@/lib/kernel/postkey-name";
import type { AuditActor } from "./mutations";

/** Has no permissions. */
export const BY_POSTKEY = {
  kind: "job",
  id: "postkey",
  name: POSTKEY_NAME,
} as const satisfies AuditActor;
