"use server";

import { redirect } from "next/navigation";
import { pageAt } from "@/components/routes";
import { defineAction, definePublicAction } from "@/lib/http/action";
import { rememberBrowser, rememberPasskey } from "@/lib/http/auth/own-cookies";
import { ensureOwnerSession, readOwnerSession } from "@/lib/http/auth/owner";
import { signOut } from "@/lib/http/auth/session";
import { signInAddress } from "@/lib/http/auth/way-back";
import { noInputSchema } from "@/lib/kernel/fields/schema";
import { invitationTokenSchema, setUpSchema } from "@/lib/people/administrators/schema";
import { findInvitation, setUp } from "@/lib/people/administrators/set-up";
import { findFactors } from "@/lib/people/factors/queries";
import { passwordLinkTokenSchema, usePasswordLinkSchema } from "@/lib/people/links/schema";
import { beginPasskey } from "@/lib/people/passkeys/verify";
import { findPasswordLink, usePasswordLink } from "@/lib/people/passwords/mutations";
import { beginAgain, beginByLink, showLink } from "@/lib/sign-ins/links/owner";
import { linkAgainSchema, linkTokenSchema } from "@/lib/sign-ins/links/schema";

export const beginPasskeySignInAction = definePublicAction(noInputSchema, async () =>
  rememberPasskey(await beginPasskey(null)),
);
export const findFactorsAction = defineAction(noInputSchema, findFactors, {
  isForRestricted: true,
});

/** A new session is proof as well, and the only one where a company does not say when it asked. */
export async function signInAgainAction(): Promise<void> {
  await signOut();
  redirect(pageAt(signInAddress("/confirm?done")));
}

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
export const findPasswordLinkAction = definePublicAction(passwordLinkTokenSchema, findPasswordLink);

export const choosePasswordAction = definePublicAction(usePasswordLinkSchema, async (input) => {
  const { email } = await usePasswordLink(input);
  // Strangers who tried passwords for this account slow its owner down no longer.
  await rememberBrowser(email);
});
export const findInvitationAction = definePublicAction(invitationTokenSchema, findInvitation);

export const setUpAction = definePublicAction(setUpSchema, async (input) => {
  await setUp(input);
  // While strangers try passwords, a new administrator is not slowed by their attempts either.
  await rememberBrowser(input.email);
});
