import { z } from "zod";
import { replaceSignInLinks, revokeSignInLinks } from "@/lib/sign-ins/links/bulk/mutations";
import { MAX_REVOKED } from "@/lib/sign-ins/links/bulk/schema";
import { MAX_LINKS, newLinkSchema } from "@/lib/sign-ins/links/schema";
import { commandOperation } from "../command-operation";
import { path, tag } from "./sign-in-links";

const missing = z
  .number()
  .int()
  .describe("Selected links that were revoked or replaced in the meantime.");

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
    schema: z.object({
      revoked: z.number().int().describe("Links that could still be used."),
      removed: z
        .number()
        .int()
        .describe("Links that were used or had expired. They are no longer listed."),
      missing,
    }),
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
    schema: z.object({
      links: z.array(newLinkSchema).describe("One for each person."),
      missing,
      refused: z
        .array(
          z.object({
            id: z.uuid(),
            username: z.string(),
            reason: z.string().describe("The reason."),
          }),
        )
        .describe("People who get no new link. Theirs was left unchanged."),
    }),
    isShownOnce: true,
  },
});
