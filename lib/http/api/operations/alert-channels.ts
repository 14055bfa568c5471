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
import { resourceOperations } from "../editing";
import { done, idParam, ok, operationsOf, pageOf, shownOnce } from "../operation";

const tag = "Alert channels";
const { command, define } = operationsOf(tag);
const params = z.object({ alertChannelId: idParam });
const path = "/api/alertChannels/{alertChannelId}";

/** As GET shows it: null when it is gone. */
async function findShown(actor: Actor, id: string) {
  const found = await findAlertChannel(actor, id);
  return found && { ...found, ...targetFields(found.target) };
}

export const listAlertChannelsOperation = define({
  at: "listAlertChannels: GET /api/alertChannels",
  summary: "The channels that alerts are sent to, a page at a time",
  permission: "alerts:read",
  query: listAlertChannels.querySchema(50),
  answer: ok("A page.", pageOf(channelRowSchema)),
  handle: ({ actor, query }) => listAlertChannels(actor, query),
});

export const createAlertChannelOperation = command(createAlertChannel, {
  at: "createAlertChannel: POST /api/alertChannels",
  summary: "Create an alert channel",
  description:
    "Email through an account needs `recipients` and `emailAccountId`; email through an SMTP server `recipients`, `smtp` and `from`; a webhook `url`.",
  errors: ["conflict", "unprocessable"],
  answer: shownOnce(
    "It was created.",
    z.object({
      id: z.uuid(),
      secret: z
        .string()
        .nullable()
        .describe("The signing secret of a webhook. Returned only here; null for other kinds."),
    }),
  ),
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

export const deleteAlertChannelOperation = command(deleteAlertChannel, {
  at: `deleteAlertChannel: DELETE ${path}`,
  summary: "Delete an alert channel with its log",
  description: "Pending alerts are no longer sent.",
  isVersioned: true,
  answer: done("It was deleted."),
});

export const sendTestAlertOperation = define({
  at: `sendTestAlert: POST ${path}/test`,
  summary: "Send a test message through an alert channel",
  description:
    "Sent once, now. Through an email account it also needs the permission `mail:send`. If it can't be sent, the answer says why (`temporarily_unavailable`).",
  permission: "alerts:write",
  params,
  answer: done("The receiver accepted it."),
  async handle({ actor, params: { alertChannelId: id } }) {
    await sendTestAlert(actor, { id });
    return undefined;
  },
});

export const renewSigningSecretOperation = command(renewSigningSecret, {
  at: `renewSigningSecret: POST ${path}/signingSecret`,
  summary: "Give a webhook a new signing secret",
  description: "The old secret stops working at once.",
  answer: shownOnce(
    "The new secret.",
    z.object({
      secret: z.string().describe("The signing secret of the webhook. Returned only here."),
    }),
  ),
});
