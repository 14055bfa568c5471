import { z } from "zod";
import { AppError } from "@/lib/kernel/errors";
import { revokeSignInLinks } from "@/lib/sign-ins/links/bulk/mutations";
import type { LinkSelection } from "@/lib/sign-ins/links/bulk/schema";
import { createSignInLinks } from "@/lib/sign-ins/links/mutations";
import { listSignInLinks } from "@/lib/sign-ins/links/queries";
import {
  createSignInLinksSchema,
  LINK_HOURS,
  newLinkSchema,
  signInLinkSchema,
} from "@/lib/sign-ins/links/schema";
import { idParam, pageOf } from "../answers";
import { defineOperation } from "../operation";

export const tag = "Sign-in links";
export const path = "/api/signInLinks";

export const listSignInLinksOperation = defineOperation({
  id: "listSignInLinks",
  method: "GET",
  path,
  tag,
  summary: "The sign-in links, a page at a time",
  permission: "providers:read",
  query: listSignInLinks.querySchema(50),
  answer: {
    status: 200,
    description: "With what became of each.",
    schema: pageOf(signInLinkSchema),
  },
  handle: ({ actor, query }) => listSignInLinks(actor, query),
});

export const createSignInLinksOperation = defineOperation({
  id: "createSignInLinks",
  method: "POST",
  path,
  tag,
  summary: "Create sign-in links for owners of mailboxes",
  description: `Each link signs one mailbox in, once, within ${LINK_HOURS} hours. Its owner needs no account in Postkey. A new link voids the one before; with \`replaces: false\`, people whose link still works keep it and are left out of \`links\`. With \`send\`, each goes by mail to the person who signs in, through the alert channel that sends links.`,
  permission: "authorizations:write",
  errors: ["not_found", "conflict"],
  body: createSignInLinksSchema,
  answer: {
    status: 201,
    description: "They were created.",
    schema: z.object({ links: z.array(newLinkSchema).describe("One for each user name.") }),
    isShownOnce: true,
  },
  handle: async ({ actor, body }) => ({ links: await createSignInLinks(actor, body) }),
});

export const revokeSignInLinkOperation = defineOperation({
  id: "revokeSignInLink",
  method: "DELETE",
  path: `${path}/{signInLinkId}`,
  tag,
  summary: "Revoke a sign-in link",
  permission: "authorizations:write",
  params: z.object({ signInLinkId: idParam }),
  answer: { status: 204, description: "It was revoked." },
  async handle({ actor, params: { signInLinkId } }) {
    const selection: LinkSelection = { links: "selected", signInLinkIds: [signInLinkId] };
    const { missing } = await revokeSignInLinks(actor, { selection });
    if (missing > 0) throw new AppError("not_found", "This link no longer exists.");
    return undefined;
  },
});
