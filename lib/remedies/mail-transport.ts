import { NETWORK } from "./commands";
import type { Written } from "./remedy";
import { hosts, test } from "./steps";

const SOURCE = "https://nodejs.org/api/errors.html";

/** Before the server has said a word: names and connections. */
export const TRANSPORT_REMEDIES = [
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
] as const satisfies readonly Written[];
