import { z } from "zod";
import { addIssue, filledIn, nameSchema } from "@/lib/kernel/fields/schema";
import type { Grant } from "@/lib/oauth/schema";
import { cloudIdSchema, isDomain, REGISTRATION_DEFAULTS } from "../schema";

/** `domain_wide`: a service account opens each mailbox of a domain that delegated to it. */
export const GOOGLE_GRANTS = ["delegated", "domain_wide"] as const satisfies readonly Grant[];

const GOOGLE_CLIENT = /^\d{6,24}-[a-z0-9_-]{4,64}\.apps\.googleusercontent\.com$/;
/** The unique id of a service account, which is its client id as well. */
const SERVICE_ACCOUNT_CLIENT = /^\d{10,30}$/;

/** Of a Workspace domain, whose people alone may sign in then; empty for personal accounts too. */
const googleDomainSchema = z
  .string()
  .max(1_024, "This is too long for a domain.")
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => text === "" || isDomain(text), "This is not a domain.");

export const googleFields = {
  name: nameSchema,
  service: z.literal("google", { error: "Choose a service." }),
  type: filledIn(z.literal("gmail", { error: "Choose a type." }), "gmail"),
  cloud: filledIn(cloudIdSchema, "google"),
  accountTypes: filledIn(
    z.literal("tenant", { error: "Choose who may sign in." }),
    REGISTRATION_DEFAULTS.accountTypes,
  ),
  grant: filledIn(
    z.enum(GOOGLE_GRANTS, {
      error: "At Google each mailbox signs in, or a service account opens it.",
    }),
    REGISTRATION_DEFAULTS.grant,
  ),
  clientId: z
    .string({ error: "Enter the client id." })
    .max(1_024, "This is too long for a client id.")
    .transform((text) => text.trim().toLowerCase())
    .superRefine((text, context) => {
      if (text === "") return addIssue(context, "Enter the client id.");
      if (!GOOGLE_CLIENT.test(text) && !SERVICE_ACCOUNT_CLIENT.test(text))
        addIssue(
          context,
          "This is not a client id of Google: it begins with a number and ends in .apps.googleusercontent.com.",
        );
    }),
  tenantId: filledIn(googleDomainSchema, ""),
  hosts: filledIn(z.null("Google has the same hosts everywhere."), REGISTRATION_DEFAULTS.hosts),
};

type Client = { grant: string; clientId: string };

/** An OAuth client and a service account have ids of different kinds. */
export function refuseOtherClient({ grant, clientId }: Client, context: z.RefinementCtx): void {
  if ((grant === "domain_wide") === SERVICE_ACCOUNT_CLIENT.test(clientId)) return;
  const message =
    grant === "domain_wide"
      ? "This is the client id of an OAuth client. A service account has digits only."
      : "This is the client id of a service account. An OAuth client's ends in .apps.googleusercontent.com.";
  context.addIssue({ code: "custom", message, path: ["clientId"] });
}
