import { z } from "zod";
import { GOOGLE } from "./google/schema";
import { MICROSOFT } from "./microsoft/schema";
import type { Platform } from "./platform/schema";

/**
 * The identity platforms that Postkey speaks to: each has a folder here and a row in this table, and one
 * in registry.ts, which the browser does not have. What is derived from it is in platforms/schema.ts.
 */
export const PLATFORM_TABLE = {
  microsoft_azure: MICROSOFT,
  google: GOOGLE,
} as const satisfies Record<string, Platform>;

export type ServiceId = keyof typeof PLATFORM_TABLE;

/** What is meant where no platform is named: by an operator's cloud, and by what was kept before it was. */
export const FIRST_SERVICE = "microsoft_azure" satisfies ServiceId;

/** How mailboxes sign in. `domain_wide`: the application opens each by itself, with tokens of that mailbox. */
export const grantSchema = z.enum(["delegated", "device_code", "app_only", "domain_wide"]);
export type Grant = z.infer<typeof grantSchema>;

/** Who may sign in at a registration. */
export const ACCOUNT_TYPES = ["tenant", "organizations", "organizations_and_personal"] as const;
export type AccountTypes = (typeof ACCOUNT_TYPES)[number];

/**
 * What one harmless request found out about a registration before the first sign-in. `unknown`: the
 * platform could not be asked, or did not say.
 */
export type Finding = {
  subject: FindingSubject;
  verdict: "ok" | "wrong" | "unknown";
  /** An id of the error catalogue, where it is wrong. */
  remedyId?: string;
  /** Where the tenant really is, when it is another cloud than the chosen one. */
  elsewhere?: { authority: string; regionScope: string };
};

export type FindingSubject = "tenant" | "application" | "credential" | "redirect_uri";
