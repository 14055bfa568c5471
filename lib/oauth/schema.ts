import { GOOGLE } from "./google/schema";
import { MICROSOFT } from "./microsoft/schema";
import type { MailHouse, Platform } from "./platform/schema";

/**
 * The identity platforms that Postkey speaks to: each has a folder here, a row in this table, and one in
 * services.ts, where the browser does not see it.
 */
const TABLE = { microsoft_azure: MICROSOFT, google: GOOGLE } as const satisfies Record<
  string,
  Platform
>;

export type ServiceId = keyof typeof TABLE;
/** The mail services that sign in at one of them. */
export type ModernMailService = {
  [Id in ServiceId]: keyof (typeof TABLE)[Id]["mail"];
}[ServiceId];

export const PLATFORMS: Readonly<Record<ServiceId, Platform>> = TABLE;
// An object's keys are no more than texts to TypeScript.
export const SERVICE_IDS = Object.keys(PLATFORMS) as ServiceId[];

/** A mail service with the identity platform whose tokens its servers take. */
export type ModernMail = MailHouse & { id: ModernMailService; platform: ServiceId };

export const MODERN_MAIL: readonly ModernMail[] = SERVICE_IDS.flatMap((platform) =>
  Object.entries(PLATFORMS[platform].mail).map(([id, house]) => ({
    ...house,
    id: id as ModernMailService, // a key of the table
    platform,
  })),
);
