import { createAlertChannelSchema } from "@/lib/watch/alerts/schema";

/** What the form of a channel sends when nothing was typed. */
export const EMPTY_CHANNEL = {
  name: "Ops",
  kind: "webhook",
  enabled: true,
  recipients: "",
  emailAccountId: null,
  smtp: null,
  from: "",
  user: "",
  password: "",
  url: "",
};

/** The form of a channel, as it is sent. */
export const alertChannelForm = (changes: object) =>
  createAlertChannelSchema.parse({ ...EMPTY_CHANNEL, ...changes });
