import { z } from "zod";
import type { AuditEvent } from "./schema";

const VERBS: Readonly<Record<string, readonly [string, string]>> = {
  "sign_in_link.create": ["created a sign-in link for", "created # sign-in links for mailboxes"],
  "sign_in_link.send": [
    "sent a sign-in link by mail to",
    "sent # sign-in links by mail for mailboxes",
  ],
  "sign_in_link.remind": [
    "sent a reminder of the sign-in link to",
    "sent # reminders of sign-in links",
  ],
  "sign_in_link.revoke": ["revoked the sign-in link of", "revoked # sign-in links of mailboxes"],
};

const detailSchema = z.object({ links: z.number(), usernames: z.array(z.string()) });

/** “created a sign-in link for alice@contoso.com at”; null for other events. */
export function linksInWords({
  action,
  detail,
}: Pick<AuditEvent, "action" | "detail">): string | null {
  const [one, many] = VERBS[action] ?? [];
  const { data } = detailSchema.safeParse(detail);
  if (!one || !many || !data) return null;
  const { links, usernames } = data;
  const [only = ""] = usernames;
  const told = links === 1 ? `${one} ${only}` : many.replace("#", links.toLocaleString("en"));
  return `${told} at`;
}
