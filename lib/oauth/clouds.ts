import { z } from "zod";
import { hostsSchema } from "@/lib/egress/schema";
import { SERVICE_IDS } from "./platforms/schema";
import { FIRST_SERVICE } from "./schema";

/**
 * A cloud is where an identity platform and its mail servers stand: hosts, nothing else. National
 * clouds differ only here, so one code path serves them all, and an operator may add presets.
 * Hosts: Microsoft, "National clouds" and "Authenticate an IMAP, POP or SMTP connection using
 * OAuth". Everything but Global is an editable preset, not a certainty.
 */
export const cloudSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/),
  /** Whose platform it is: a row of registry.ts. */
  service: z.enum(SERVICE_IDS).default(FIRST_SERVICE),
  label: z.string().min(1).max(60),
  /** Origin of the token endpoint, the keys and the metadata; always https. */
  authority: z.url({ protocol: /^https$/ }),
  /** Origin that the browser is sent to. The authority itself, except where an operator says so. */
  authorizeOrigin: z.url({ protocol: /^https?$/ }),
  /** Issuer of id_tokens and address of their keys, where neither follows from the authority. */
  issuer: z.url({ protocol: /^https$/ }).optional(),
  keysUrl: z.url({ protocol: /^https$/ }).optional(),
  /** Prefix of the mail scopes; one resource per token request. */
  scopeHost: z.url({ protocol: /^https$/ }),
  /** Origin of Microsoft Graph. Without it, client secrets are not renewed automatically there. */
  graph: z.url({ protocol: /^https$/ }).optional(),
  /** Where a tenant administrator edits the app registration. */
  portal: z.url({ protocol: /^https?$/ }),
  /** Where an Exchange administrator looks after mailboxes; absent where it is not known. */
  exchangeAdmin: z.url({ protocol: /^https?$/ }).optional(),
  mail: hostsSchema,
});

export type Cloud = z.infer<typeof cloudSchema>;
