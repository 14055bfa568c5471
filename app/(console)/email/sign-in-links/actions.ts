"use server";

import { defineAction } from "@/lib/http/action";
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
import { createSignInLinks, revokeSignInLinks } from "@/lib/sign-ins/links/mutations";
import { createSignInLinksSchema, linkIdsSchema } from "@/lib/sign-ins/links/schema";

const revalidates = "/email/sign-in-links";

export const createSignInLinksAction = defineAction(
  createSignInLinksSchema,
  (actor, input) => createSignInLinks(actor, input),
  { revalidates },
);

export const revokeSignInLinksAction = defineAction(linkIdsSchema, revokeSignInLinks, {
  revalidates,
});

export const mailSignInLinksAction = defineAction(mailSignInLinksSchema, mailSignInLinks, {
  revalidates,
});

/** The link itself stays in the mail. */
export const sendSignInLinkAgainAction = defineAction(
  linkIdSchema,
  async (actor, input) => (await sendSignInLinkAgain(actor, input)).mail,
  { revalidates },
);

export const remindOfSignInLinkAction = defineAction(linkIdSchema, remindOfSignInLink, {
  revalidates,
});

export const saveLinkSettingsAction = defineAction(linkSettingsSchema, saveLinkSettings, {
  revalidates,
});
