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
import { idParam, made, ok, operationsOf, pageOf, wholePage } from "../operation";

const params = z.object({ emailAccountId: idParam });
const path = "/api/emailAccounts/{emailAccountId}/messages";
const { define } = operationsOf("Messages");

export const sendMessageOperation = define({
  at: `sendMessage: POST ${path}`,
  summary: "Send a message from an email account",
  description:
    "To one address, as plain text, from the account's email address. With an Idempotency-Key it is sent only once, even if the request is repeated.",
  permission: "mail:send",
  params,
  body: messageSchema,
  errors: TOKEN_ERRORS,
  answer: made("The mail server accepted it.", sentMessageSchema),
  handle: ({ actor, params: { emailAccountId }, body }) => sendMessage(actor, emailAccountId, body),
});

export const roundTripOperation = define({
  at: "startRoundTrip: POST /api/emailAccounts/{emailAccountId}/roundTrip",
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

export const listMessagesOperation = define({
  at: `listMessages: GET ${path}`,
  summary: "The newest 20 messages of the INBOX",
  description: "Read-only: changes nothing in the mailbox and marks nothing as read.",
  permission: "mail:read",
  params,
  errors: TOKEN_ERRORS,
  answer: ok("Newest first.", pageOf(inboxMessageSchema)),
  handle: async ({ actor, params: { emailAccountId } }) =>
    wholePage(await readNewestMessages(actor, emailAccountId)),
});
