import type { MailEndpoint } from "@/lib/egress/schema";
import type { Cloud } from "@/lib/oauth/clouds";
import { government } from "./government";
import { MAIL_SERVERS, type MailPort } from "./mail-servers";
import type { Platform } from "./platform";

export type PortName = "http" | "https" | MailPort;

/** The presets that lead to the sandbox: its own, the government's, Google's. */
export function describeCloud(platform: Platform, ports: Record<PortName, number>): Cloud {
  return {
    id: "sandbox",
    service: "microsoft_azure",
    label: "Sandbox (this machine)",
    authority: platform.authority,
    authorizeOrigin: platform.authorizeOrigin,
    scopeHost: "https://outlook.office.com",
    graph: platform.authority,
    portal: platform.authorizeOrigin,
    exchangeAdmin: platform.authorizeOrigin,
    mail: mailEndpoints(ports, "exchange"),
  };
}

export function describeGovernment(platform: Platform, cloud: Cloud): Cloud {
  const { authority, authorizeOrigin } = government(platform);
  return {
    ...cloud,
    id: "sandbox-gcc-high",
    label: "Sandbox GCC High (this machine)",
    authority,
    authorizeOrigin,
    scopeHost: "https://outlook.office365.us",
    graph: authority,
    portal: authorizeOrigin,
    exchangeAdmin: authorizeOrigin,
  };
}

export function describeGoogle(platform: Platform, ports: Record<PortName, number>): Cloud {
  return {
    id: "sandbox-google",
    service: "google",
    label: "Sandbox Google (this machine)",
    authority: platform.authority,
    authorizeOrigin: platform.authorizeOrigin,
    issuer: platform.authority,
    keysUrl: `${platform.authority}/oauth2/v3/certs`,
    scopeHost: "https://mail.google.com",
    portal: platform.authorizeOrigin,
    mail: mailEndpoints(ports, "google"),
  };
}

export function mailEndpoints(
  ports: Record<PortName, number>,
  flavour: "exchange" | "password" | "google",
): Cloud["mail"] {
  const endpoint = (protocol: "imap" | "pop3" | "smtp"): MailEndpoint => {
    const server = MAIL_SERVERS.find(
      (each) => each.protocol === protocol && each.flavour === flavour,
    );
    if (!server) throw new Error(`No ${flavour} server speaks ${protocol}.`);
    return { host: "localhost", port: ports[server.name], tls: server.tls };
  };
  return { imap: endpoint("imap"), smtp: endpoint("smtp"), pop3: endpoint("pop3") };
}
