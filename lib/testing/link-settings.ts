import { saveLinkSettings } from "@/lib/sign-ins/links/letters/mutations";
import type { LinkSettings } from "@/lib/sign-ins/links/letters/schema";
import { findLinkMail } from "@/lib/sign-ins/links/queries";
import { administrator } from "./actors";

/** Nothing about sign-in links happens by itself. */
export const LINKS_OFF: LinkSettings = {
  reminds: false,
  remindHoursBefore: 24,
  sendsLapsedLinks: false,
  lapsedLinksPerDay: 20,
  reportsUnsigned: false,
  unsignedDays: 14,
};

/** By somebody who has just looked at what is stored. */
export async function setLinks(change: Partial<LinkSettings> = {}): Promise<void> {
  const { settings: was } = await findLinkMail(administrator());
  await saveLinkSettings(administrator(), { ...LINKS_OFF, ...change, was });
}
