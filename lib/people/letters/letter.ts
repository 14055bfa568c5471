import { env } from "@/lib/kernel/env";
import { timeText } from "@/lib/letters/time-text";

type LinkToMail = { token: string; expiresAt: Date; createdByName: string };

/** What an invited person reads. */
export function invitationLetter({ token, expiresAt, createdByName }: LinkToMail) {
  const { host, origin } = env().url;
  return {
    subject: `${createdByName} invites you to Postkey`,
    text: [
      "Hello,",
      "",
      `${createdByName} invites you to administer Postkey at ${host}, which holds the sign-ins of your company's mailboxes.`,
      "",
      "Open this link to choose your name and your password:",
      "",
      `${origin}/setup#${token}`,
      "",
      `The link works once, until ${timeText(expiresAt)}. Don't forward it: anyone who opens it can join instead of you.`,
      "",
      `If you don't know ${createdByName} or don't expect this message, don't open the link. Without it, nothing happens.`,
      "",
    ].join("\n"),
  };
}

/** The message to an administrator for whom someone created a password link. */
export function passwordLetter({ token, expiresAt, createdByName }: LinkToMail) {
  const { host, origin } = env().url;
  return {
    subject: "Choose a new password for Postkey",
    text: [
      "Hello,",
      "",
      `${createdByName} created a link with which you choose a new password for Postkey at ${host}:`,
      "",
      `${origin}/reset#${token}`,
      "",
      `The link works once, until ${timeText(expiresAt)}. Until you use it, your old password keeps working. Afterwards you are signed out everywhere.`,
      "",
      `If you didn't ask for this, don't open the link, and tell an administrator other than ${createdByName}.`,
      "",
    ].join("\n"),
  };
}
