import { env } from "@/lib/kernel/env";
import type { LetterKind } from "@/lib/letters/schema";
import { timeText } from "@/lib/letters/time-text";

type LinkToMail = {
  username: string;
  createdByName: string;
  expiresAt: Date;
  /** Where the owner signs in, by its name. */
  platform: string;
  token: string;
};

type SignInLetterKind = Extract<LetterKind, "sign_in_link" | "lapsed" | "reminder">;

/** What the owner of a mailbox reads: who asks, for what, until when, and what to do otherwise. */
export function signInLetter(kind: SignInLetterKind, link: LinkToMail) {
  const { username, createdByName, platform, expiresAt, token } = link;
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
      "You allow Postkey to read the mail in this mailbox and to send mail from it, until you or your administrator end it.",
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

function opening(kind: SignInLetterKind, { username, createdByName, platform }: LinkToMail) {
  const { host } = env().url;
  if (kind === "lapsed")
    return `${platform} asks the owner of ${username} to sign in again. Until then, Postkey at ${host} can't work with this mailbox.`;
  const asks = `${createdByName} asks you to sign in ${username}, so that Postkey at ${host} can work with this mailbox.`;
  return kind === "reminder" ? `You have not signed in yet. ${asks}` : asks;
}
