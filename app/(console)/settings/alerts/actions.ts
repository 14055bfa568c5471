"use server";

import { revalidatePath } from "next/cache";
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

const LIST = "/settings/alerts";

export const createAlertChannelAction = defineAction(
  createAlertChannelSchema,
  async (actor, input) => {
    const created = await createAlertChannel(actor, input);
    revalidatePath(LIST);
    return created;
  },
);

export const updateAlertChannelAction = defineAction(
  updateAlertChannelSchema,
  async (actor, input) => {
    await updateAlertChannel(actor, input);
    revalidatePath(LIST, "layout");
    return null;
  },
);

export const deleteAlertChannelAction = defineAction(alertChannelIdSchema, async (actor, input) => {
  await deleteAlertChannel(actor, input);
  revalidatePath(LIST, "layout");
  return null;
});

/** @returns the new signing secret, this once */
export const renewSigningSecretAction = defineAction(alertChannelIdSchema, async (actor, input) => {
  const secret = await renewSigningSecret(actor, input);
  revalidatePath(LIST, "layout");
  return secret;
});

/** What came of it is in the channel's log as well. */
export const sendTestAlertAction = defineAction(alertChannelIdSchema, async (actor, input) => {
  try {
    await sendTestAlert(actor, input);
    return null;
  } finally {
    revalidatePath(LIST, "layout");
  }
});
