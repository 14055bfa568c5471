import { z } from "zod";
import { hasInvisible } from "@/lib/kernel/fields/schema";
import { asciiDomain } from "@/lib/kernel/text/normalize";

const VALUES_MAX = 100;

export const shortText = (message: string) =>
  z
    .string()
    .max(1_024, "This is too long.")
    .transform((text) => text.normalize("NFKC").trim())
    .refine((text) => text.length <= 255, { error: "This is too long." })
    .refine((text) => !hasInvisible(text), { error: message });

export const issuerSchema = z
  .string()
  .max(2_048, "This is too long for an address.")
  .transform((text) => text.trim())
  .superRefine((text, context) => {
    if (text === "") return;
    const url = URL.canParse(text) && !/[\s\\]/.test(text) ? new URL(text) : null;
    const isWhole = url?.protocol === "https:" && !url.search && !url.hash && !url.username;
    const message = text.startsWith("http:")
      ? "The issuer must begin with https://."
      : "Enter the issuer, such as https://id.contoso.com, exactly as your provider writes it.";
    if (!isWhole || hasInvisible(text)) context.addIssue({ code: "custom", message });
  })
  // People copy the address of the document.
  .transform((text) => text.replace(/\/\.well-known\/openid-configuration\/?$/, ""));

/** Names of groups may have commas. */
export const linesSchema = z
  .string()
  .max(16_384, `Enter at most ${VALUES_MAX} values.`)
  .transform((text) => [...new Set(text.split(/\r?\n/).map((line) => line.trim()))].filter(Boolean))
  .refine((lines) => lines.length <= VALUES_MAX, { error: `Enter at most ${VALUES_MAX} values.` })
  .refine((lines) => lines.every((line) => line.length <= 255 && !hasInvisible(line)), {
    error: "A value is too long or contains invisible characters.",
  });

export const domainsSchema = z
  .string()
  .max(8_192, "This is too long.")
  .transform((text) =>
    text
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter(Boolean),
  )
  .superRefine((domains, context) => {
    const wrong = domains.find(
      (domain) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(asciiDomain(domain)),
    );
    if (wrong !== undefined)
      context.addIssue({ code: "custom", message: `${wrong.slice(0, 80)} is not a domain.` });
  })
  .transform((domains) => [...new Set(domains.map(asciiDomain))]);

export const secretSchema = z
  .string()
  .max(1_024, "This is too long for a client secret.")
  .transform((text) => text.trim())
  .refine((text) => !/[\p{Cc}]/u.test(text), { error: "The secret contains control characters." })
  .refine((text) => text === "" || !/^[•●*·]+$/.test(text), {
    error: "These are placeholder dots, not the secret.",
  });
