import { z } from "zod";
import { nameSchema } from "@/lib/kernel/fields/schema";
import { firstCredentialSchema } from "@/lib/registrations/credentials/schema";

/** The variant of the form. */
export const orchidFormSchema = z.strictObject({
  name: nameSchema,
  service: z.literal("orchid"),
  type: z.literal("orchid_mail"),
  cloud: z.literal("orchid"),
  accountTypes: z.literal("tenant"),
  grant: z.literal("delegated"),
  clientId: z.string().regex(/^orchid-\d+$/, "This is not a client id of Orchid."),
  tenantId: z.literal(""),
  hosts: z.null(),
  credential: firstCredentialSchema,
});
