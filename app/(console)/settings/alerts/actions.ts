"use server";

import { defineAction } from "@/lib/http/action";
import {
  createAlertChannel,
  deleteAlertChannel,
  renewSigningSecret,
  updateAlertChannel,
} from "@/lib/watch/alerts/mutations";
import {
  alertChannelIdSchema,
  createAlertChannelSchema,
  updateAlertChannelSchema,
} from "@/lib/watch/alerts/schema";
import { sendTestAlert } from "@/lib/watch/alerts/send-test";

const revalidates = "/settings/alerts";

export const createAlertChannelAction = defineAction(createAlertChannelSchema, createAlertChannel, {
  revalidates,
});

export const updateAlertChannelAction = defineAction(updateAlertChannelSchema, updateAlertChannel, {
  revalidates,
});

export const deleteAlertChannelAction = defineAction(alertChannelIdSchema, deleteAlertChannel, {
  revalidates,
});

/** @returns the new signing secret, this once */
export const renewSigningSecretAction = defineAction(alertChannelIdSchema, renewSigningSecret, {
  revalidates,
});

/** The channel's log has the outcome as well. */
export const sendTestAlertAction = defineAction(alertChannelIdSchema, sendTestAlert, {
  revalidates,
  keepsFailures: true,
});
