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
import { done, idParam, ok, operationsOf, pageOf, shownOnce } from "../operation";

const { command, define } = operationsOf("Sign-in links");
const path = "/api/signInLinks";

export const listSignInLinksOperation = define({
  at: `listSignInLinks: GET ${path}`,
  summary: "The sign-in links, a page at a time",
  permission: "providers:read",
  query: listSignInLinks.querySchema(50),
  answer: ok("With what became of each.", pageOf(signInLinkSchema)),
  handle: ({ actor, query }) => listSignInLinks(actor, query),
});

export const createSignInLinksOperation = define({
  at: `createSignInLinks: POST ${path}`,
  summary: "Create sign-in links for owners of mailboxes",
  description: `Each link signs one mailbox in, once, within ${LINK_HOURS} hours. Its owner needs no account in Postkey. A new link voids the one before; with \`replaces: false\`, people whose link still works keep it and are left out of \`links\`. With \`send\`, each goes by mail to the person who signs in, through the alert channel that sends links.`,
  permission: "authorizations:write",
  errors: ["not_found", "conflict"],
  body: createSignInLinksSchema,
  answer: shownOnce(
    "They were created.",
    z.object({ links: z.array(newLinkSchema).describe("One for each user name.") }),
  ),
  handle: async ({ actor, body }) => ({ links: await createSignInLinks(actor, body) }),
});

export const revokeSignInLinkOperation = define({
  at: `revokeSignInLink: DELETE ${path}/{signInLinkId}`,
  summary: "Revoke a sign-in link",
  permission: "authorizations:write",
  params: z.object({ signInLinkId: idParam }),
  answer: done("It was revoked."),
  async handle({ actor, params: { signInLinkId } }) {
    const selection: LinkSelection = { links: "selected", signInLinkIds: [signInLinkId] };
    const { missing } = await revokeSignInLinks(actor, { selection });
    if (missing > 0) throw new AppError("not_found", "This link no longer exists.");
    return undefined;
  },
});

export const sendSignInLinkOperation = command(sendSignInLinkAgain, {
  at: `sendSignInLink: POST ${path}/{signInLinkId}/send`,
  summary: "Send a new link by mail",
  description:
    "Creates a new link for the same person and mails it. The one before stops working. What becomes of the mail is in `mail` of the list.",
  errors: ["not_found", "conflict"],
  answer: shownOnce("A new link was created, and is sent.", newLinkSchema),
});

export const remindOfSignInLinkOperation = command(remindOfSignInLink, {
  at: `remindOfSignInLink: POST ${path}/{signInLinkId}/remind`,
  summary: "Send the reminder of a link now",
  description:
    "Sends the reminder of the link, with the same link, before it is due. Each link has one reminder. Reminders wait only for links that went out by mail while reminders were on.",
  errors: ["not_found", "conflict"],
  answer: done("The reminder is sent."),
});

const WHICH = `Select links by id, up to ${MAX_LINKS.toLocaleString("en")}, or with \`links: all\` those that a search and filters find. Then \`expected\` is the number you saw: if it differs, nothing is changed (\`stale\`).`;

export const revokeSignInLinksOperation = command(revokeSignInLinks, {
  at: `revokeSignInLinks: POST ${path}/revocations`,
  summary: "Revoke many sign-in links",
  description: `Revokes up to ${MAX_REVOKED.toLocaleString("en")} links, all in one transaction. Mailboxes that were signed in with them stay signed in. ${WHICH}`,
  errors: ["stale"],
  answer: ok("The outcome for the links.", revokedLinksSchema),
});

export const replaceSignInLinksOperation = command(replaceSignInLinks, {
  at: `replaceSignInLinks: POST ${path}/replacements`,
  summary: "Replace many sign-in links",
  description: `Creates a new link for each person of up to ${MAX_LINKS.toLocaleString("en")} selected links, all in one transaction. The ones before stop working. With \`send\`, each goes by mail to its person. ${WHICH}`,
  errors: ["stale", "conflict"],
  answer: shownOnce("They were created.", replacedLinksSchema),
});
