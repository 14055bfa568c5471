import type { Finding } from "@/lib/oauth/schema";
import type { Remedy } from "@/lib/remedies/remedy";

export type PreflightFinding = Pick<Finding, "subject" | "verdict"> & {
  remedy: Remedy | null;
  otherCloud: string | null;
};
