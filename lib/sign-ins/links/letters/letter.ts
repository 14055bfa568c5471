import { env } from "@/lib/kernel/env";
import type { LetterKind } from "@/lib/letters/schema";
import { timeText } from "@/lib/letters/time-text";
import { isOwnMailbox, mailboxesText } from "../mailbox-names";

type LinkToMail = {
  username: string;
  /** What the sign-in opens. */
  mailboxes: readonly string[];
  createdByName: string;
  expiresAt: Date;
  /** Where the owner signs in, by its name. */
  platform: string;
  token: string;
};

type SignInLetterKind = Extract<LetterKind, "sign_in_link" | "lapsed" | "reminder">;

/** What the owner of a mailbox reads: who asks, for what, until when, and what to do otherwise. */
export function signInLetter(kind: SignInLetterKind, link: LinkToMail) {
  const { createdByName, username, mailboxes, platform, expiresAt, token } = link;
  const isOwn = isOwnMailbox(username, mailboxes);
  const { host, origin } = env().url;
  return {
    subject: `${SUBJECTS[kind]} ${username}`,
    text: [
      "Hello,",
      "",
      opening(kind, link),
      "",
      `Open this link to sign in at ${platform}:`,
      "",
      `${origin}/connect#${token}`,
      "",
      `The link works once, until ${timeText(expiresAt)}. You enter your password at ${platform} only, and you need no account in Postkey.`,
      "",
      `You allow Postkey to read and change the mail in ${isOwn ? "this mailbox" : mailboxesText(mailboxes)}, and to send mail from ${mailboxes.length > 1 ? "them" : "it"}, until you or your administrator end it.`,
      "",
      kind === "lapsed"
        ? `If you don't know why you got this message, don't open the link. Ask your administrator about Postkey at ${host}.`
        : `If you don't know ${createdByName} or don't expect this message, don't open the link. Ask your administrator about Postkey at ${host}.`,
      "",
    ].join("\n"),
  };
}

const SUBJECTS = {
  sign_in_link: "Please sign in",
  lapsed: "Please sign in again:",
  reminder: "Reminder: please sign in",
} as const;

function opening(kind: SignInLetterKind, link: LinkToMail) {
  const { username, mailboxes, createdByName, platform } = link;
  const { host } = env().url;
  const what = isOwnMailbox(username, mailboxes) ? "this mailbox" : mailboxesText(mailboxes);
  if (kind === "lapsed")
    return `${platform} asks you to sign in ${username} again. Until then, Postkey at ${host} can't work with ${what}.`;
  const asks = `${createdByName} asks you to sign in ${username}, so that Postkey at ${host} can work with ${what}.`;
  return kind === "reminder" ? `You have not signed in yet. ${asks}` : asks;
}
