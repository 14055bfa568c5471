"use server";

import { defineAction } from "@/lib/http/action";
import { replaceSignInLinks, revokeSignInLinks } from "@/lib/sign-ins/links/bulk/mutations";
import { findSelectedLinks } from "@/lib/sign-ins/links/bulk/queries";
import {
  linkSelectionSchema,
  replaceSignInLinksSchema,
  revokeSignInLinksSchema,
} from "@/lib/sign-ins/links/bulk/schema";
import {
  mailSignInLinks,
  remindOfSignInLink,
  saveLinkSettings,
  sendSignInLinkAgain,
} from "@/lib/sign-ins/links/letters/mutations";
import {
  linkIdSchema,
  linkSettingsSchema,
  mailSignInLinksSchema,
} from "@/lib/sign-ins/links/letters/schema";
import { createSignInLinks } from "@/lib/sign-ins/links/mutations";
import { createSignInLinksSchema } from "@/lib/sign-ins/links/schema";

const revalidates = "/email/sign-in-links";

export const createSignInLinksAction = defineAction(
  createSignInLinksSchema,
  (actor, input) => createSignInLinks(actor, input),
  { revalidates },
);

export const findSelectedLinksAction = defineAction(linkSelectionSchema, findSelectedLinks);

export const revokeSignInLinksAction = defineAction(revokeSignInLinksSchema, revokeSignInLinks, {
  revalidates,
});

export const replaceSignInLinksAction = defineAction(replaceSignInLinksSchema, replaceSignInLinks, {
  revalidates,
});

export const mailSignInLinksAction = defineAction(mailSignInLinksSchema, mailSignInLinks, {
  revalidates,
});

/** The link itself stays in the mail. */
export const sendSignInLinkAgainAction = defineAction(
  linkIdSchema,
  async (actor, input) => void (await sendSignInLinkAgain(actor, input)),
  { revalidates },
);

export const remindOfSignInLinkAction = defineAction(linkIdSchema, remindOfSignInLink, {
  revalidates,
});

export const saveLinkSettingsAction = defineAction(linkSettingsSchema, saveLinkSettings, {
  revalidates,
});
