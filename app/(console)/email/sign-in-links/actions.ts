"use server";

import { actionOf, defineAction } from "@/lib/http/action";
import { replaceSignInLinks, revokeSignInLinks } from "@/lib/sign-ins/links/bulk/mutations";
import {
  mailSignInLinks,
  remindOfSignInLink,
  saveLinkSettings,
  sendSignInLinkAgain,
} from "@/lib/sign-ins/links/letters/mutations";
import { findSelectedLinks } from "@/lib/sign-ins/links/queries";
import { linkSelectionSchema } from "@/lib/sign-ins/links/schema";

const revalidates = "/email/sign-in-links";

export const findSelectedLinksAction = defineAction(linkSelectionSchema, findSelectedLinks);

export const revokeSignInLinksAction = actionOf(revokeSignInLinks, { revalidates });
export const replaceSignInLinksAction = actionOf(replaceSignInLinks, { revalidates });
export const mailSignInLinksAction = actionOf(mailSignInLinks, { revalidates });

/** The link itself stays in the mail. */
export const sendSignInLinkAgainAction = defineAction(
  sendSignInLinkAgain.input,
  async (actor, input) => void (await sendSignInLinkAgain(actor, input)),
  { revalidates },
);

export const remindOfSignInLinkAction = actionOf(remindOfSignInLink, { revalidates });
export const saveLinkSettingsAction = actionOf(saveLinkSettings, { revalidates });
