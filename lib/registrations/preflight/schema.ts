import type { Finding } from "@/lib/oauth/schema";
import type { Remedy } from "@/lib/remedies/remedy";

/** What was found out about one value of a registration before the first sign-in. */
export type PreflightFinding = Pick<Finding, "subject" | "verdict"> & {
  remedy: Remedy | null;
  /** The cloud that the tenant is in, when it is another than the chosen one. */
  otherCloud: string | null;
};
