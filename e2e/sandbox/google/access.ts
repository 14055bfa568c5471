import type { MailAccess } from "../mail/access";
import type { Platform } from "../platform";
import { unseal } from "../sealed";
import { GOOGLE_USERS } from "./directory";
import { ACCESS_PREFIX, type GoogleToken, MAIL_SCOPE } from "./google";

/** Decides what Gmail lets a token do: its owner's mailbox, nothing else. */
export function checkGoogleToken(
  platform: Platform,
  login: { user: string; token: string },
): MailAccess {
  const refused = (reason: string): MailAccess => ({ kind: "refused", reason });
  const token = unseal<GoogleToken>(platform.state.data.tokenKey, ACCESS_PREFIX, login.token);
  if (!token) return refused("the token is not Google's");
  if (token.endsAt < platform.now()) return refused("the token has expired");
  if (!token.scope.split(" ").includes(MAIL_SCOPE)) return refused(`the token lacks ${MAIL_SCOPE}`);
  const owner = GOOGLE_USERS.find(({ sub }) => sub === token.sub);
  if (owner?.address !== login.user.trim().toLowerCase())
    return refused("the user name is not the token's owner");
  const mailbox = platform.mail.find(owner.address);
  if (!mailbox) return refused("no such mailbox");
  return { kind: "granted", identity: { mailbox, owner: owner.address } };
}

/** What Gmail says to a token that it refuses, before the client asks for the verdict. */
export const GOOGLE_CHALLENGE = Buffer.from(
  JSON.stringify({ status: "400", schemes: "Bearer", scope: MAIL_SCOPE }),
).toString("base64");
