import { z } from "zod";
import { incidentKindSchema } from "@/lib/watch/incidents/schema";

const accountNames = z.array(z.string()).describe("Names of the accounts, the first few.");
const url = z.url().describe("The page of the console about it.");

const incidents = z.array(
  z.object({
    id: z.uuid().describe("The same in all messages about one incident."),
    kind: incidentKindSchema.describe("The kind of cause."),
    remedyId: z.string().describe("An entry of the error catalogue."),
    subject: z.string().describe("The object that it is about."),
    title: z.string().describe("In a few words."),
    nextStep: z.string().describe("The first step to take."),
    accounts: z.number().int().describe("Number of accounts that it stops now."),
    peakAccounts: z.number().int().describe("The most that it stopped."),
    accountNames,
    openedAt: z.iso.datetime().describe("When it began, the last time."),
    firstOpenedAt: z.iso
      .datetime()
      .nullable()
      .describe("When it opened first, if it failed again while it recovered."),
    resolvedAt: z.iso.datetime().nullable().describe("When it ended. Null while it is ongoing."),
    url,
    repair: z
      .object({ label: z.string().describe("The text of the link."), url })
      .describe("The page on which the cause is repaired."),
  }),
);

const event = <T extends string, D extends z.ZodType>(type: T, data: D) =>
  z.object({
    type: z.literal(type).describe("The type of the event."),
    data,
    timestamp: z.iso.datetime().describe("When it happened, in UTC."),
  });
const data = z.object({ incidents }).describe("The incidents that it is about.");

export const WEBHOOK_EVENTS = {
  "incident.opened": event("incident.opened", data),
  "incident.resolved": event("incident.resolved", data),
  "incident.digest": event("incident.digest", data),
  "secret.expiry": event(
    "secret.expiry",
    z
      .object({
        cloudProviderId: z.uuid().describe("The id of the cloud provider."),
        provider: z.string().describe("Its name."),
        hint: z.string().describe("The last characters of the secret."),
        expiresAt: z.iso.datetime().describe("When the secret expires."),
        accounts: z.number().int().describe("Number of active accounts that depend on it."),
        accountNames,
        nextStep: z.string().describe("The step to take."),
        url,
      })
      .describe("The secret or certificate that expires."),
  ),
  test: event(
    "test",
    z
      .object({
        sentBy: z.string().describe("Name of the person who sent the test."),
        url: z.url().describe("The address of Postkey."),
      })
      .describe("The installation that it comes from."),
  ),
} as const;

export const webhookSchema = z.union(Object.values(WEBHOOK_EVENTS));
