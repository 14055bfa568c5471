import { z } from "zod";
import { hasInvisible } from "@/lib/kernel/fields/schema";
import { asciiDomain } from "@/lib/kernel/text/normalize";
import { PROTOCOLS } from "./protocols/schema";

/** As the URL parser writes it: `0x7f.1` is 127.0.0.1. */
const hostSchema = z
  .string({ error: "Enter the host." })
  .max(1_024, "This is too long for a host name.")
  .transform((text) => text.normalize("NFKC").trim().toLowerCase())
  .superRefine((text, context) => {
    const issue = (message: string) => context.addIssue({ code: "custom", message });
    if (text === "") return issue("Enter the host.");
    if (/[/@\s?#\\]/.test(text) || hasInvisible(text))
      return issue("Enter the host alone, such as mail.example.com.");
    if (/:\d+$/.test(text) && !text.startsWith("["))
      return issue("Enter the port in its own field.");
    const ascii = asciiDomain(text);
    const labels = ascii.split(".");
    const isHost =
      ascii.length <= 253 &&
      labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
    if (!isHost || ascii === "") issue("This is not a host name.");
  })
  .transform((text) => asciiDomain(text) || text);

/** RFC 8314: `implicit` TLS or `starttls`; mail credentials never travel in the clear. */
export const endpointSchema = z.strictObject({
  host: hostSchema,
  port: z
    .number({ error: "Enter a port." })
    .int("Enter a port.")
    .min(1, "Enter a port between 1 and 65535.")
    .max(65_535, "Enter a port between 1 and 65535."),
  tls: z.enum(["implicit", "starttls"], { error: "Choose how the connection is secured." }),
});

export type MailEndpoint = z.output<typeof endpointSchema>;

export const protocolSchema = z.enum(PROTOCOLS).describe("The protocol.");

export const hostsSchema = z.strictObject({
  imap: endpointSchema,
  smtp: endpointSchema,
  pop3: endpointSchema,
});
const shownEndpoint = z.object({ ...endpointSchema.shape, host: z.string() });
/** Hosts in an answer. They were read when they were stored; reading them again as a form does would be slow. */
export const shownHostsSchema = z.object({
  imap: shownEndpoint,
  smtp: shownEndpoint,
  pop3: shownEndpoint,
});

export type MailHosts = z.output<typeof hostsSchema>;
