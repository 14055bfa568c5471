import type { MailFacts, Platform } from "../platform/schema";
import { PLATFORM_TABLE, type ServiceId } from "../schema";

export const PLATFORMS: Readonly<Record<ServiceId, Platform>> = PLATFORM_TABLE;
// Object.keys loses the type.
export const SERVICE_IDS = Object.keys(PLATFORMS) as ServiceId[];

/** Microsoft, “Refresh tokens”: 90 days. Google, “Refresh token expiration”: six months. */
export const DISUSE_DAYS = 90;

export const PLATFORM_NAMES = new Intl.ListFormat("en", { type: "disjunction" }).format(
  SERVICE_IDS.map((id) => PLATFORMS[id].brand),
);

export type ModernMailService = {
  [Id in ServiceId]: keyof (typeof PLATFORM_TABLE)[Id]["mail"];
}[ServiceId];

export const MODERN_MAIL: readonly (MailFacts & { id: ModernMailService; platform: ServiceId })[] =
  SERVICE_IDS.flatMap((platform) =>
    Object.entries(PLATFORMS[platform].mail).map(([id, facts]) => ({
      ...facts,
      id: id as ModernMailService, // a key of the table
      platform,
    })),
  );
