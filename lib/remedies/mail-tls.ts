import { NETWORK } from "./commands";
import type { Written } from "./remedy";
import { hosts, PATH, test } from "./steps";

const TLS_SOURCE = "https://nodejs.org/api/tls.html#x509-certificate-error-codes";

/** While the connection is secured. */
export const TLS_REMEDIES = [
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
