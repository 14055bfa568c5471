import type { Cloud } from "../clouds";
import { usualHosts } from "../platform/schema";

function microsoft(
  id: string,
  label: string,
  hosts: Record<"login" | "scope" | "graph" | "portal" | "mailbox" | "smtp", string> & {
    exchangeAdmin?: string;
  },
): Cloud {
  const authority = `https://${hosts.login}`;
  return {
    id,
    service: "microsoft_azure",
    label,
    authority,
    authorizeOrigin: authority,
    scopeHost: `https://${hosts.scope}`,
    graph: `https://${hosts.graph}`,
    portal: `https://${hosts.portal}`,
    ...(hosts.exchangeAdmin && { exchangeAdmin: `https://${hosts.exchangeAdmin}` }),
    mail: usualHosts(hosts.mailbox, hosts.smtp, hosts.mailbox),
  };
}

export const MICROSOFT_CLOUDS: readonly Cloud[] = [
  microsoft("global", "Global (and GCC)", {
    login: "login.microsoftonline.com",
    scope: "outlook.office.com",
    graph: "graph.microsoft.com",
    portal: "entra.microsoft.com",
    exchangeAdmin: "admin.exchange.microsoft.com",
    mailbox: "outlook.office365.com",
    smtp: "smtp.office365.com",
  }),
  microsoft("gcc-high", "US Government GCC High", {
    login: "login.microsoftonline.us",
    scope: "outlook.office365.us",
    graph: "graph.microsoft.us",
    portal: "entra.microsoft.us",
    exchangeAdmin: "admin.exchange.office365.us",
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
