import type { MailHouse, Platform } from "../platform/schema";
import { PLATFORM_TABLE, type ServiceId } from "../schema";

export const PLATFORMS: Readonly<Record<ServiceId, Platform>> = PLATFORM_TABLE;
// An object's keys are no more than texts to TypeScript.
export const SERVICE_IDS = Object.keys(PLATFORMS) as ServiceId[];

/**
 * A refresh token that was not used for so many days is over. Microsoft, “Refresh tokens”: 90 days; Google, “Refresh
 * token expiration”: six months. The shorter time counts for both, so that no sign-in is called alive longer than it
 * is, and no statement has to look its platform up.
 */
export const DISUSE_DAYS = 90;

/** “Microsoft or Google”: where an application can be registered. */
export const PLATFORM_NAMES = new Intl.ListFormat("en", { type: "disjunction" }).format(
  SERVICE_IDS.map((id) => PLATFORMS[id].brand),
);

/** The mail services that sign in at one of the platforms. */
export type ModernMailService = {
  [Id in ServiceId]: keyof (typeof PLATFORM_TABLE)[Id]["mail"];
}[ServiceId];

/** A mail service with the identity platform whose tokens its servers take. */
type ModernMail = MailHouse & { id: ModernMailService; platform: ServiceId };

export const MODERN_MAIL: readonly ModernMail[] = SERVICE_IDS.flatMap((platform) =>
  Object.entries(PLATFORMS[platform].mail).map(([id, house]) => ({
    ...house,
    id: id as ModernMailService, // a key of the table
    platform,
  })),
);
