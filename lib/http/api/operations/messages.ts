import { z } from "zod";
import { lineStream } from "@/lib/http/event-stream";
import { readNewestMessages } from "@/lib/messages/read";
import { roundTrip } from "@/lib/messages/round-trip";
import {
  inboxMessageSchema,
  messageSchema,
  type RoundTripEvent,
  sentMessageSchema,
} from "@/lib/messages/schema";
import { sendMessage } from "@/lib/messages/send";
import { TOKEN_ERRORS } from "../error-responses";
import { defineOperation, idParam, pageOf, wholePage } from "../operation";

const params = z.object({ emailAccountId: idParam });
const path = "/api/emailAccounts/{emailAccountId}/messages";
const tag = "Messages";

export const sendMessageOperation = defineOperation({
  id: "sendMessage",
  method: "POST",
  path,
  tag,
  summary: "Send a message from an email account",
  description:
    "To one address, as plain text, from the account's email address. With an Idempotency-Key it is sent only once, even if the request is repeated.",
  permission: "mail:send",
  params,
  body: messageSchema,
  errors: TOKEN_ERRORS,
  answer: {
    status: 201,
    description: "The mail server accepted it.",
    schema: sentMessageSchema,
  },
  handle: ({ actor, params: { emailAccountId }, body }) => sendMessage(actor, emailAccountId, body),
});

export const roundTripOperation = defineOperation({
  id: "startRoundTrip",
  method: "POST",
  path: "/api/emailAccounts/{emailAccountId}/roundTrip",
  tag,
  summary: "Have an account send a message to itself, and watch it arrive",
  description:
    "One JSON object a line: `sent`, then `arrived` or after a minute `missing`, or `error`; each with the milliseconds since the start.",
  permission: "mail:send",
  params,
  errors: ["conflict"],
  answer: {
    status: 200,
    description: "The progress of the message.",
    contentType: "application/x-ndjson",
  },
  async handle({ actor, request, params: { emailAccountId } }) {
    return lineStream<RoundTripEvent>(request.signal, (listening) =>
      roundTrip(actor, emailAccountId, listening),
    );
  },
});

export const listMessagesOperation = defineOperation({
  id: "listMessages",
  method: "GET",
  path,
  tag,
  summary: "The newest 20 messages of the INBOX",
  description: "Read-only: changes nothing in the mailbox and marks nothing as read.",
  permission: "mail:read",
  params,
  errors: TOKEN_ERRORS,
  answer: {
    status: 200,
    description: "Newest first.",
    schema: pageOf(inboxMessageSchema),
  },
  handle: async ({ actor, params: { emailAccountId } }) =>
    wholePage(await readNewestMessages(actor, emailAccountId)),
});
