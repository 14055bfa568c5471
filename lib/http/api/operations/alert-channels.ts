import { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import {
  channelNotFound,
  createAlertChannel,
  deleteAlertChannel,
  renewSigningSecret,
  updateAlertChannel,
} from "@/lib/watch/alerts/mutations";
import {
  findAlertChannel,
  findEditedAlertChannel,
  listAlertChannels,
} from "@/lib/watch/alerts/queries";
import { channelRowSchema, channelSchema, targetFields } from "@/lib/watch/alerts/schema";
import { sendTestAlert } from "@/lib/watch/alerts/send-test";
import { commandOperation, defineOperation, idParam, pageOf } from "../operation";
import { resourceOperations } from "../resource-operations";

const tag = "Alert channels";
const params = z.object({ alertChannelId: idParam });
const path = "/api/alertChannels/{alertChannelId}";

/** As GET shows it: null when it is gone. */
async function findShown(actor: Actor, id: string) {
  const found = await findAlertChannel(actor, id);
  return found && { ...found, ...targetFields(found.target) };
}

export const listAlertChannelsOperation = defineOperation({
  id: "listAlertChannels",
  method: "GET",
  path: "/api/alertChannels",
  tag,
  summary: "The channels that alerts are sent to, a page at a time",
  permission: "alerts:read",
  query: listAlertChannels.querySchema(50),
  answer: { status: 200, description: "A page.", schema: pageOf(channelRowSchema) },
  handle: ({ actor, query }) => listAlertChannels(actor, query),
});

export const createAlertChannelOperation = commandOperation(createAlertChannel, {
  id: "createAlertChannel",
  method: "POST",
  path: "/api/alertChannels",
  tag,
  summary: "Create an alert channel",
  description:
    "Email through an account needs `recipients` and `emailAccountId`; email through an SMTP server `recipients`, `smtp` and `from`; a webhook `url`.",
  errors: ["conflict", "unprocessable"],
  answer: {
    status: 201,
    description: "It was created.",
    schema: z.object({
      id: z.uuid(),
      secret: z
        .string()
        .nullable()
        .describe("The signing secret of a webhook. Returned only here; null for other kinds."),
    }),
    isShownOnce: true,
  },
});

export const alertChannelOperations = resourceOperations({
  name: "AlertChannel",
  tag,
  answer: channelSchema,
  find: findShown,
  findEdited: findEditedAlertChannel,
  update: updateAlertChannel,
  notFound: channelNotFound,
  answered: "The channel, without its secrets.",
  put: {
    description:
      "The kind stays what it is. Another server or user needs its password again. An empty `url` keeps the stored address.",
  },
});

export const deleteAlertChannelOperation = commandOperation(deleteAlertChannel, {
  id: "deleteAlertChannel",
  method: "DELETE",
  path,
  tag,
  summary: "Delete an alert channel with its log",
  description: "Pending alerts are no longer sent.",
  isVersioned: true,
  answer: { status: 204, description: "It was deleted." },
});

export const sendTestAlertOperation = defineOperation({
  id: "sendTestAlert",
  method: "POST",
  path: `${path}/test`,
  tag,
  summary: "Send a test message through an alert channel",
  description:
    "Sent once, now. Through an email account it also needs the permission `mail:send`. If it can't be sent, the answer says why (`temporarily_unavailable`).",
  permission: "alerts:write",
  params,
  answer: { status: 204, description: "The receiver accepted it." },
  async handle({ actor, params: { alertChannelId: id } }) {
    await sendTestAlert(actor, { id });
    return undefined;
  },
});

export const renewSigningSecretOperation = commandOperation(renewSigningSecret, {
  id: "renewSigningSecret",
  method: "POST",
  path: `${path}/signingSecret`,
  tag,
  summary: "Give a webhook a new signing secret",
  description: "The old secret stops working at once.",
  answer: {
    status: 201,
    description: "The new secret.",
    schema: z.object({
      secret: z.string().describe("The signing secret of the webhook. Returned only here."),
    }),
    isShownOnce: true,
  },
});
