import { GOOGLE } from "./google/schema";
import { MICROSOFT } from "./microsoft/schema";
import type { Platform } from "./platform/schema";

/**
 * The identity platforms that Postkey speaks to: each has a folder here and a row in this table, and one
 * in registry.ts, which the browser does not have. What is made of it is in platforms/schema.ts.
 */
export const PLATFORM_TABLE = {
  microsoft_azure: MICROSOFT,
  google: GOOGLE,
} as const satisfies Record<string, Platform>;

export type ServiceId = keyof typeof PLATFORM_TABLE;
