import { z } from "zod";

/**
 * A cloud is where an identity platform and its mail servers stand: hosts, nothing else. National
 * clouds differ only here, so one code path serves them all, and an operator may add presets.
 * Hosts: Microsoft, "National clouds" and "Authenticate an IMAP, POP or SMTP connection using
 * OAuth". Everything but Global is an editable preset, not a certainty.
 */
const endpointSchema = z.strictObject({
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65_535),
  /** RFC 8314: `implicit` is TLS from the first byte, `starttls` upgrades a plain connection. */
  tls: z.enum(["implicit", "starttls"]),
});

export const cloudSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/),
  label: z.string().min(1).max(60),
  /** Origin of the token endpoint, the keys and the metadata; always https. */
  authority: z.url({ protocol: /^https$/ }),
  /** Origin that the browser is sent to. The authority itself, except where an operator says so. */
  authorizeOrigin: z.url({ protocol: /^https?$/ }),
  /** Prefix of the mail scopes; one resource per token request. */
  scopeHost: z.url({ protocol: /^https$/ }),
  /** Origin of Microsoft Graph. Without it, client secrets are not renewed automatically there. */
  graph: z.url({ protocol: /^https$/ }).optional(),
  /** Where a tenant administrator edits the app registration. */
  portal: z.url({ protocol: /^https?$/ }),
  mail: z.strictObject({ imap: endpointSchema, smtp: endpointSchema, pop3: endpointSchema }),
});

export type MailEndpoint = z.infer<typeof endpointSchema>;
export type Cloud = z.infer<typeof cloudSchema>;

function microsoft(
  id: string,
  label: string,
  hosts: Record<"login" | "scope" | "graph" | "portal" | "mailbox" | "smtp", string>,
): Cloud {
  const authority = `https://${hosts.login}`;
  return {
    id,
    label,
    authority,
    authorizeOrigin: authority,
    scopeHost: `https://${hosts.scope}`,
    graph: `https://${hosts.graph}`,
    portal: `https://${hosts.portal}`,
    mail: {
      imap: { host: hosts.mailbox, port: 993, tls: "implicit" },
      smtp: { host: hosts.smtp, port: 587, tls: "starttls" },
      pop3: { host: hosts.mailbox, port: 995, tls: "implicit" },
    },
  };
}

export const MICROSOFT_CLOUDS: readonly Cloud[] = [
  microsoft("global", "Global (and GCC)", {
    login: "login.microsoftonline.com",
    scope: "outlook.office.com",
    graph: "graph.microsoft.com",
    portal: "entra.microsoft.com",
    mailbox: "outlook.office365.com",
    smtp: "smtp.office365.com",
  }),
  microsoft("gcc-high", "US Government GCC High", {
    login: "login.microsoftonline.us",
    scope: "outlook.office365.us",
    graph: "graph.microsoft.us",
    portal: "entra.microsoft.us",
    mailbox: "outlook.office365.us",
    smtp: "smtp.office365.us",
  }),
  microsoft("dod", "US Government DoD", {
    login: "login.microsoftonline.us",
    scope: "outlook.office365.us",
    graph: "dod-graph.microsoft.us",
    portal: "entra.microsoft.us",
    mailbox: "outlook-dod.office365.us",
    smtp: "outlook-dod.office365.us",
  }),
  microsoft("china", "China (21Vianet)", {
    login: "login.partner.microsoftonline.cn",
    scope: "partner.outlook.cn",
    graph: "microsoftgraph.chinacloudapi.cn",
    portal: "entra.microsoftonline.cn",
    mailbox: "partner.outlook.cn",
    smtp: "smtp.partner.outlook.cn",
  }),
];
