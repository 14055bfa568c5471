"use server";

import { definePublicAction } from "@/lib/http/action";
import { ensureOwnerSession, readOwnerSession } from "@/lib/http/auth/owner";
import { beginAgain, beginByLink, showLink } from "@/lib/sign-ins/links/owner";
import { linkAgainSchema, linkTokenSchema } from "@/lib/sign-ins/links/schema";

export const showLinkAction = definePublicAction(linkTokenSchema, ({ token }) => showLink(token));

export const beginByLinkAction = definePublicAction(linkTokenSchema, async ({ token }) => {
  const url = await beginByLink(token, await ensureOwnerSession());
  return url.href;
});

export const beginAgainAction = definePublicAction(
  linkAgainSchema,
  async ({ authorizationRequestId }) => {
    const url = await beginAgain(authorizationRequestId, await readOwnerSession());
    return url.href;
  },
);
