import { remindOfSignInLink, sendSignInLinkAgain } from "@/lib/sign-ins/links/letters/mutations";
import { newLinkSchema } from "@/lib/sign-ins/links/schema";
import { commandOperation } from "../command-operation";
import { path, tag } from "./sign-in-links";

export const sendSignInLinkOperation = commandOperation(sendSignInLinkAgain, {
  id: "sendSignInLink",
  method: "POST",
  path: `${path}/{signInLinkId}/send`,
  tag,
  summary: "Send a new link by mail",
  description:
    "Creates a new link for the same person and mails it. The one before stops working. What becomes of the mail is in `mail` of the list.",
  errors: ["not_found", "conflict"],
  idParameter: "signInLinkId",
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
  idParameter: "signInLinkId",
  answer: { status: 204, description: "The reminder is sent." },
});
