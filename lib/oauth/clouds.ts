import { z } from "zod";
import { hostsSchema } from "@/lib/egress/schema";
import { SERVICE_IDS } from "./platforms/schema";
import { FIRST_SERVICE } from "./schema";

/** Clouds differ only in hosts (Microsoft, "National clouds"); all but Global are editable presets. */
export const cloudSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/),
  service: z.enum(SERVICE_IDS).default(FIRST_SERVICE),
  label: z.string().min(1).max(60),
  /** Origin of token endpoint, keys and metadata. */
  authority: z.url({ protocol: /^https$/ }),
  /** The authority itself, unless an operator overrides it. */
  authorizeOrigin: z.url({ protocol: /^https?$/ }),
  /** Where issuer and keys do not follow from the authority. */
  issuer: z.url({ protocol: /^https$/ }).optional(),
  keysUrl: z.url({ protocol: /^https$/ }).optional(),
  scopeHost: z.url({ protocol: /^https$/ }),
  /** Without it, client secrets are not renewed automatically. */
  graph: z.url({ protocol: /^https$/ }).optional(),
  portal: z.url({ protocol: /^https?$/ }),
  exchangeAdmin: z.url({ protocol: /^https?$/ }).optional(),
  mail: hostsSchema,
});

export type Cloud = z.infer<typeof cloudSchema>;
