import { z } from "zod";
import { filledIn, hasInvisible } from "@/lib/kernel/fields/schema";
import { asciiDomain } from "@/lib/kernel/text/normalize";
import { PROTOCOLS, type Protocol } from "./protocols/schema";

/** As the URL parser writes it: `0x7f.1` is 127.0.0.1. */
const hostOf = (problemOf: (text: string) => string | null) =>
  z
    .string({ error: "Enter the host." })
    .max(1_024, "This is too long for a host name.")
    .transform((text) => text.normalize("NFKC").trim().toLowerCase())
    .superRefine((text, context) => {
      const message = problemOf(text);
      if (message) context.addIssue({ code: "custom", message });
    })
    .transform((text) => asciiDomain(text) || text);

function hostProblem(text: string): string | null {
  if (text === "") return "Enter the host.";
  if (/[/@\s?#\\]/.test(text) || hasInvisible(text))
    return "Enter the host alone, such as mail.example.com.";
  if (/:\d+$/.test(text) && !text.startsWith("[")) return "Enter the port in its own field.";
  const ascii = asciiDomain(text);
  const labels = ascii.split(".");
  const isHost =
    ascii.length <= 253 &&
    labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  return isHost && ascii !== "" ? null : "This is not a host name.";
}

/** RFC 8314: `implicit` TLS or `starttls`; mail credentials never travel in the clear. */
export const endpointSchema = z.strictObject({
  host: hostOf(hostProblem),
  port: z
    .number({ error: "Enter a port." })
    .int("Enter a port.")
    .min(1, "Enter a port between 1 and 65535.")
    .max(65_535, "Enter a port between 1 and 65535."),
  tls: z.enum(["implicit", "starttls"], { error: "Choose how the connection is secured." }),
});

export type MailEndpoint = z.output<typeof endpointSchema>;

export const protocolSchema = z.enum(PROTOCOLS).describe("The protocol.");

export const perProtocol = <S extends z.ZodType>(schema: S) => ({
  imap: schema,
  smtp: schema,
  pop3: schema,
});

export const hostsSchema = z.strictObject(perProtocol(endpointSchema));

/** A form that is left empty names no server. */
const ownEndpointSchema = z
  .strictObject({
    ...endpointSchema.shape,
    host: hostOf((text) => (text === "" ? null : hostProblem(text))),
  })
  .transform((endpoint) => (endpoint.host === "" ? null : endpoint))
  .nullable();

/** Of a server of one's own, which need not speak each protocol. */
export const ownHostsSchema = z
  .strictObject(perProtocol(filledIn(ownEndpointSchema, null)))
  .refine((hosts) => PROTOCOLS.some((protocol) => hosts[protocol] !== null), {
    path: ["imap"],
    error: "Enter the host of at least one of IMAP, SMTP and POP3.",
  });

const shownEndpoint = z.object({ ...endpointSchema.shape, host: z.string() });
/** Hosts in an answer. They were read when they were stored; reading them again as a form does would be slow. */
export const shownHostsSchema = z.object(perProtocol(shownEndpoint));
export const shownOwnHostsSchema = z.object(perProtocol(shownEndpoint.nullable()));

export type MailHosts = z.output<typeof hostsSchema>;
/** Null: no server for this protocol. */
export type OwnHosts = z.output<typeof ownHostsSchema>;

/** @param stored of an account; null: those of its service */
export function lacksServer(stored: unknown, protocol: Protocol): boolean {
  return ownHostsSchema.nullable().parse(stored)?.[protocol] === null;
}
