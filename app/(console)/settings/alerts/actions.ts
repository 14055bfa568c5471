"use server";

import { actionOf, defineAction } from "@/lib/http/action";
import {
  createAlertChannel,
  deleteAlertChannel,
  renewSigningSecret,
  updateAlertChannel,
} from "@/lib/watch/alerts/mutations";
import { alertChannelIdSchema } from "@/lib/watch/alerts/schema";
import { sendTestAlert } from "@/lib/watch/alerts/send-test";

const revalidates = "/settings/alerts";

export const createAlertChannelAction = actionOf(createAlertChannel, { revalidates });
export const updateAlertChannelAction = actionOf(updateAlertChannel, { revalidates });
export const deleteAlertChannelAction = actionOf(deleteAlertChannel, { revalidates });
export const renewSigningSecretAction = actionOf(renewSigningSecret, { revalidates });

/** The channel's log has the outcome as well. */
export const sendTestAlertAction = defineAction(alertChannelIdSchema, sendTestAlert, {
  revalidates,
  keepsFailures: true,
});
