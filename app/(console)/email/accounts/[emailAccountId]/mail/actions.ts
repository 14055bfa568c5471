"use server";

import { defineAction } from "@/lib/http/action";
import { readNewestMessages } from "@/lib/messages/read";
import { readInboxSchema, sendTestMessageSchema } from "@/lib/messages/schema";
import { sendTestMessage } from "@/lib/messages/send";

export const sendTestMessageAction = defineAction(sendTestMessageSchema, sendTestMessage);

export const readInboxAction = defineAction(readInboxSchema, (actor, { emailAccountId }) =>
  readNewestMessages(actor, emailAccountId),
);
