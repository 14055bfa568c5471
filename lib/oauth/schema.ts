import { GOOGLE } from "./google/schema";
import { MICROSOFT } from "./microsoft/schema";
import type { Platform } from "./platform/schema";

/** Each has a folder, a row here and one in registry.ts, which the browser must not load. */
export const PLATFORM_TABLE = {
  microsoft_azure: MICROSOFT,
  google: GOOGLE,
} as const satisfies Record<string, Platform>;

export type ServiceId = keyof typeof PLATFORM_TABLE;

/** The default for an operator's cloud. */
export const FIRST_SERVICE = "microsoft_azure" satisfies ServiceId;

/** `domain_wide`: with a token per mailbox. */
export const GRANTS = ["delegated", "device_code", "app_only", "domain_wide"] as const;
export type Grant = (typeof GRANTS)[number];

/** Whether no person signs in: the application gets its own tokens. */
export function isByItself(grant: string): boolean {
  return grant === "app_only" || grant === "domain_wide";
}

export const ACCOUNT_TYPES = ["tenant", "organizations", "organizations_and_personal"] as const;
export type AccountTypes = (typeof ACCOUNT_TYPES)[number];

/** `unknown`: the platform could not be asked, or did not say. */
export type Finding = {
  subject: FindingSubject;
  verdict: "ok" | "wrong" | "unknown";
  remedyId?: string;
  elsewhere?: { authority: string; regionScope: string };
};

export type FindingSubject = "tenant" | "application" | "credential" | "redirect_uri";
