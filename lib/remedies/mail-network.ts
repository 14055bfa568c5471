import { NETWORK } from "./commands";
import type { Written } from "./remedy";
import { hosts, PATH, test } from "./steps";

const SOURCE = "https://nodejs.org/api/errors.html";

const TLS_SOURCE = "https://nodejs.org/api/tls.html#x509-certificate-error-codes";

export const NETWORK_REMEDIES = [
  {
    id: "dns.not_found",
    title: "The mail server's name does not exist.",
    cause: "The host is misspelt, or the name server of this machine does not know it.",
    steps: [
      hosts`Correct the host{there}.`,
      "Try the name from this machine, for example with nslookup.",
    ],
    command: NETWORK.lookUp,
    says: ["getaddrinfo ENOTFOUND"],
    source: SOURCE,
  },
  {
    id: "dns.temporary",
    reason: "resolver",
    title: "The name server did not respond correctly.",
    cause: "The resolver of this machine is out of reach or has a fault.",
    steps: [test`{Press}.`, "Check the name servers of this machine if this keeps happening."],
    retry: "yes",
    command: NETWORK.lookUp,
    says: ["getaddrinfo EAI_AGAIN"],
    source: SOURCE,
  },
  {
    id: "dns.timeout",
    reason: "resolver",
    title: "Looking the mail server's name up took too long.",
    cause: "The resolver of this machine did not respond within five seconds.",
    steps: [test`{Press}.`, "Check the name servers of this machine if this keeps happening."],
    retry: "yes",
    command: NETWORK.lookUp,
    source: SOURCE,
  },
  {
    id: "egress.private_address",
    title: "The host points into a private network, and Postkey does not connect there.",
    cause: "An address typed into a form must not reach servers inside the network.",
    steps: [
      hosts`Correct the host{there} if it should be a public mail server.`,
      "If the server really is inside, have the operator list its host in POSTKEY_PRIVATE_HOSTS.",
    ],
    source: "https://www.rfc-editor.org/rfc/rfc6890",
  },
  {
    id: "egress.port_refused",
    title: "Postkey does not connect to this port.",
    cause: "Only the usual mail ports are allowed for servers that are not preset.",
    steps: [
      hosts`Use port 993 for IMAP, 995 for POP3, and 587 or 465 for SMTP{there}.`,
      "If the server really uses another port, have the operator allow it for this host.",
    ],
    source: "https://www.rfc-editor.org/rfc/rfc8314",
  },
  {
    id: "tcp.refused",
    title: "The server refused the connection.",
    cause: "Nothing listens on this port, or a firewall answers for it.",
    steps: [
      hosts`Check host and port{there}.`,
      "Allow outgoing connections to this port in the firewall.",
    ],
    retry: "yes",
    command: NETWORK.connect,
    says: ["connect ECONNREFUSED"],
    source: SOURCE,
  },
  {
    id: "tcp.timeout",
    title: "The server is not responding.",
    cause: "A firewall drops the connection, or the server is down.",
    steps: [
      "Allow outgoing connections to this host and port in the firewall.",
      hosts`Check host and port{there}.`,
    ],
    retry: "yes",
    command: NETWORK.connect,
    says: ["connect ETIMEDOUT"],
    source: SOURCE,
  },
  {
    id: "tcp.unreachable",
    title: "There is no route to the server.",
    cause: "This machine has no connection to that network, or a local rule forbids it.",
    steps: [
      "Check the network connection of this machine.",
      "If only IPv6 fails, repair it or switch it off.",
    ],
    retry: "yes",
    command: NETWORK.connect,
    says: ["connect ENETUNREACH", "connect EHOSTUNREACH"],
    source: SOURCE,
  },
  {
    id: "tls.untrusted_issuer",
    title: "The server's certificate comes from an authority that is not trusted.",
    cause:
      "A firewall inspects TLS with a certificate of its own, or the server has a private one.",
    steps: [
      "Exclude this host from TLS inspection.",
      "Or name the authority's certificate in POSTKEY_CA_FILE, if you trust it.",
    ],
    command: NETWORK.showTls,
    says: ["SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    source: TLS_SOURCE,
  },
  {
    id: "tls.wrong_name",
    title: "The server's certificate is for another name.",
    cause: "The host is not the name in the certificate, or another server answers.",
    steps: [
      hosts`Set the host{there} to the name that the provider of the mailbox publishes.`,
      "Do not use an address instead of a name.",
    ],
    command: NETWORK.showTls,
    says: ["ERR_TLS_CERT_ALTNAME_INVALID"],
    source: "https://www.rfc-editor.org/rfc/rfc9525",
  },
  {
    id: "tls.expired",
    title: "The server's certificate has expired.",
    cause: "Its operator did not renew it, or the clock of this machine is wrong.",
    steps: ["Check the clock of this machine.", "Tell the operator of the server."],
    command: NETWORK.showTls,
    says: ["CERT_HAS_EXPIRED"],
    source: TLS_SOURCE,
  },
  {
    id: "tls.not_yet_valid",
    title: "The server's certificate is not valid yet.",
    cause: "Most often the clock of this machine is behind.",
    steps: ["Synchronise the clock (NTP)."],
    command: NETWORK.showClock,
    says: ["CERT_NOT_YET_VALID"],
    source: TLS_SOURCE,
  },
  {
    id: "tls.not_spoken",
    title: "The server does not speak TLS on this port.",
    cause: "The port expects a plain connection first (STARTTLS).",
    steps: [
      hosts`Choose STARTTLS for ports 587, 143 and 110{there}.`,
      hosts`Or choose a port with TLS from the start{there}: 993, 995 or 465.`,
    ],
    command: NETWORK.showTls,
    says: ["ERR_SSL_WRONG_VERSION_NUMBER"],
    source: "https://www.rfc-editor.org/rfc/rfc8314",
  },
  {
    id: "tls.too_old",
    title: "The server speaks only old versions of TLS.",
    cause: "Postkey asks for TLS 1.2 or later.",
    steps: ["Have the server updated.", "If there is a proxy in between, have that updated."],
    command: NETWORK.showTls,
    says: ["ERR_SSL_UNSUPPORTED_PROTOCOL"],
    source: "https://www.rfc-editor.org/rfc/rfc8996",
  },
  {
    id: "tls.handshake_failed",
    title: "The two sides could not agree on a secure connection.",
    cause: "Server and Postkey have no common method, or the server sent something other than TLS.",
    steps: [
      hosts`Check host, port and TLS mode{there}.`,
      "Ask the operator of the server which TLS it supports.",
    ],
    command: NETWORK.showTls,
    source: TLS_SOURCE,
  },
  {
    id: "tls.interrupted",
    reason: "connection_broken",
    title: "The connection broke off before anyone had signed in.",
    cause: "A firewall, a load balancer or a tunnel on the way cut it, or the server itself did.",
    steps: [test`{Press}.`, PATH],
    retry: "yes",
    command: NETWORK.showTls,
    source: TLS_SOURCE,
  },
  {
    id: "tls.timeout",
    reason: "server_silent",
    title: "Securing the connection took too long.",
    cause:
      "The server accepted the connection, and the handshake did not end. It may not speak TLS here, or something on the way loses or delays what is sent.",
    steps: [hosts`Check host, port and TLS mode{there}.`, PATH, test`{Press}.`],
    retry: "yes",
    command: NETWORK.showTls,
    source: TLS_SOURCE,
  },
  {
    id: "tls.starttls_missing",
    title: "The server offers no STARTTLS.",
    cause:
      "It has none on this port, or someone on the way removes the offer. Nothing was sent in clear text.",
    steps: [
      hosts`Choose TLS from the start with port 993, 995 or 465{there}.`,
      "Check whether a firewall changes mail traffic.",
    ],
    source: "https://www.rfc-editor.org/rfc/rfc3207",
  },
  {
    id: "tls.starttls_injection",
    title: "Data was injected before the connection was secure.",
    cause:
      "A server sends nothing at this point. Someone on the way, or a broken proxy, is changing the traffic.",
    steps: ["Do not use this connection.", "Find out what is between this machine and the server."],
    source: "https://www.rfc-editor.org/rfc/rfc3207#section-6",
  },
] as const satisfies readonly Written[];
