import { z } from "zod";
import { hostsSchema } from "@/lib/egress/schema";

/** An https origin as people type it: with or without a slash at its end, and nothing behind that. */
function originSchema(what: string) {
  return z
    .string({ error: `Enter the ${what}.` })
    .max(512, "This is too long for an address.")
    .transform((text) => text.trim())
    .superRefine((text, context) => {
      const issue = (message: string) => context.addIssue({ code: "custom", message });
      if (text === "") return issue(`Enter the ${what}.`);
      if (!URL.canParse(text)) return issue("Enter a full address, such as https://login.example.");
      const { protocol, pathname, search, hash, username } = new URL(text);
      if (protocol !== "https:") return issue("Only https is accepted here.");
      if (username) return issue("The address must not contain a user name.");
      if (pathname !== "/" || search || hash)
        issue("Enter the address up to the host, without a path.");
    })
    .transform((text) => (URL.canParse(text) ? new URL(text).origin : text));
}

/** Where this provider's platform and mail servers stand, where that is not where its cloud says. */
export const providerHostsSchema = z.strictObject({
  authority: originSchema("address of the sign-in servers"),
  scopeHost: originSchema("host of the mail scopes"),
  /** Empty where the cloud has none. */
  graph: originSchema("address of Microsoft Graph").or(z.literal("")),
  mail: hostsSchema,
});

export type ProviderHosts = z.output<typeof providerHostsSchema>;
