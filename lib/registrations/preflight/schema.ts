import type { Remedy } from "@/lib/remedies/remedy";

/** What was found out about one value of a registration before anybody signs in. */
export type PreflightFinding = {
  subject: "tenant" | "application" | "credential" | "redirect_uri";
  verdict: "ok" | "wrong" | "unknown";
  remedy: Remedy | null;
  /** The cloud that the tenant is in, when it is another than the chosen one. */
  otherCloud: string | null;
};
