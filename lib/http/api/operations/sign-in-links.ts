import { z } from "zod";
import { AppError } from "@/lib/kernel/errors";
import { replaceSignInLinks, revokeSignInLinks } from "@/lib/sign-ins/links/bulk/mutations";
import { remindOfSignInLink, sendSignInLinkAgain } from "@/lib/sign-ins/links/letters/mutations";
import { createSignInLinks } from "@/lib/sign-ins/links/mutations";
import { listSignInLinks } from "@/lib/sign-ins/links/queries";
import {
  createSignInLinksSchema,
  LINK_HOURS,
  type LinkSelection,
  MAX_LINKS,
  MAX_REVOKED,
  newLinkSchema,
  replacedLinksSchema,
  revokedLinksSchema,
  signInLinkSchema,
} from "@/lib/sign-ins/links/schema";
import { commandOperation, defineOperation, idParam, pageOf } from "../operation";

const tag = "Sign-in links";
const path = "/api/signInLinks";

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

export const sendSignInLinkOperation = commandOperation(sendSignInLinkAgain, {
  id: "sendSignInLink",
  method: "POST",
  path: `${path}/{signInLinkId}/send`,
  tag,
  summary: "Send a new link by mail",
  description:
    "Creates a new link for the same person and mails it. The one before stops working. What becomes of the mail is in `mail` of the list.",
  errors: ["not_found", "conflict"],
  answer: {
    status: 201,
    description: "A new link was created, and is sent.",
    schema: newLinkSchema,
    isShownOnce: true,
  },
});

export const remindOfSignInLinkOperation = commandOperation(remindOfSignInLink, {
  id: "remindOfSignInLink",
  method: "POST",
  path: `${path}/{signInLinkId}/remind`,
  tag,
  summary: "Send the reminder of a link now",
  description:
    "Sends the reminder of the link, with the same link, before it is due. Each link has one reminder. Reminders wait only for links that went out by mail while reminders were on.",
  errors: ["not_found", "conflict"],
  answer: { status: 204, description: "The reminder is sent." },
});

const WHICH = `Select links by id, up to ${MAX_LINKS.toLocaleString("en")}, or with \`links: all\` those that a search and filters find. Then \`expected\` is the number you saw: if it differs, nothing is changed (\`stale\`).`;

export const revokeSignInLinksOperation = commandOperation(revokeSignInLinks, {
  id: "revokeSignInLinks",
  method: "POST",
  path: `${path}/revocations`,
  tag,
  summary: "Revoke many sign-in links",
  description: `Revokes up to ${MAX_REVOKED.toLocaleString("en")} links, all in one transaction. Mailboxes that were signed in with them stay signed in. ${WHICH}`,
  errors: ["stale"],
  answer: {
    status: 200,
    description: "The outcome for the links.",
    schema: revokedLinksSchema,
  },
});

export const replaceSignInLinksOperation = commandOperation(replaceSignInLinks, {
  id: "replaceSignInLinks",
  method: "POST",
  path: `${path}/replacements`,
  tag,
  summary: "Replace many sign-in links",
  description: `Creates a new link for each person of up to ${MAX_LINKS.toLocaleString("en")} selected links, all in one transaction. The ones before stop working. With \`send\`, each goes by mail to its person. ${WHICH}`,
  errors: ["stale", "conflict"],
  answer: {
    status: 201,
    description: "They were created.",
    schema: replacedLinksSchema,
    isShownOnce: true,
  },
});
