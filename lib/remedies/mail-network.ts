import { NETWORK } from "./commands";
import { ADMIN, entry, PASSES, see } from "./entry";
import { hosts, PATH, SET_CLOCK, TEST } from "./steps";

const SOURCE = "https://nodejs.org/api/errors.html";

const TLS_SOURCE = "https://nodejs.org/api/tls.html#x509-certificate-error-codes";

export const NETWORK_REMEDIES = [
  entry("dns.not_found", see(ADMIN, NETWORK.lookUp, SOURCE), { says: ["getaddrinfo ENOTFOUND"] })`
    The mail server's name does not exist.
    The host is misspelt, or the name server of this machine does not know it.
    ${hosts`Correct the host{there}.`}
    Try the name from this machine, for example with nslookup.`,
  entry("dns.temporary", see(PASSES, NETWORK.lookUp, SOURCE), {
    reason: "resolver",
    says: ["getaddrinfo EAI_AGAIN"],
  })`
    The name server did not respond correctly.
    The resolver of this machine is out of reach or has a fault.
    ${TEST}
    Check the name servers of this machine if this keeps happening.`,
  entry("dns.timeout", see(PASSES, NETWORK.lookUp, SOURCE), { reason: "resolver" })`
    Looking the mail server's name up took too long.
    The resolver of this machine did not respond within five seconds.
    ${TEST}
    Check the name servers of this machine if this keeps happening.`,
  entry("egress.private_address", see(ADMIN, "https://www.rfc-editor.org/rfc/rfc6890"))`
    The host points into a private network, and Postkey does not connect there.
    An address typed into a form must not reach servers inside the network.
    ${hosts`Correct the host{there} if it should be a public mail server.`}
    If the server really is inside, have the operator list its host in POSTKEY_PRIVATE_HOSTS.`,
  entry("egress.port_refused", see(ADMIN, "https://www.rfc-editor.org/rfc/rfc8314"))`
    Postkey does not connect to this port.
    Only the usual mail ports are allowed for servers that are not preset.
    ${hosts`Use port 993 for IMAP, 995 for POP3, and 587 or 465 for SMTP{there}.`}
    If the server really uses another port, have the operator allow it for this host.`,
  entry("tcp.refused", see(PASSES, NETWORK.connect, SOURCE), { says: ["connect ECONNREFUSED"] })`
    The server refused the connection.
    Nothing listens on this port, or a firewall answers for it.
    ${hosts`Check host and port{there}.`}
    Allow outgoing connections to this port in the firewall.`,
  entry("tcp.timeout", see(PASSES, NETWORK.connect, SOURCE), { says: ["connect ETIMEDOUT"] })`
    The server is not responding.
    A firewall drops the connection, or the server is down.
    Allow outgoing connections to this host and port in the firewall.
    ${hosts`Check host and port{there}.`}`,
  entry("tcp.unreachable", see(PASSES, NETWORK.connect, SOURCE), {
    says: ["connect ENETUNREACH", "connect EHOSTUNREACH"],
  })`
    There is no route to the server.
    This machine has no connection to that network, or a local rule forbids it.
    Check the network connection of this machine.
    If only IPv6 fails, repair it or switch it off.`,
  entry("tls.untrusted_issuer", see(ADMIN, NETWORK.showTls, TLS_SOURCE), {
    says: ["SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  })`
    The server's certificate comes from an authority that is not trusted.
    A firewall inspects TLS with a certificate of its own, or the server has a private one.
    Exclude this host from TLS inspection.
    Or name the authority's certificate in POSTKEY_CA_FILE, if you trust it.`,
  entry("tls.wrong_name", see(ADMIN, NETWORK.showTls, "https://www.rfc-editor.org/rfc/rfc9525"), {
    says: ["ERR_TLS_CERT_ALTNAME_INVALID"],
  })`
    The server's certificate is for another name.
    The host is not the name in the certificate, or another server answers.
    ${hosts`Set the host{there} to the name that the provider of the mailbox publishes.`}
    Do not use an address instead of a name.`,
  entry("tls.expired", see(ADMIN, NETWORK.showTls, TLS_SOURCE), { says: ["CERT_HAS_EXPIRED"] })`
    The server's certificate has expired.
    Its operator did not renew it, or the clock of this machine is wrong.
    Check the clock of this machine.
    Tell the operator of the server.`,
  entry("tls.not_yet_valid", see(ADMIN, NETWORK.showClock, TLS_SOURCE), {
    says: ["CERT_NOT_YET_VALID"],
  })`
    The server's certificate is not valid yet.
    Most often the clock of this machine is behind.
    ${SET_CLOCK}`,
  entry("tls.not_spoken", see(ADMIN, NETWORK.showTls, "https://www.rfc-editor.org/rfc/rfc8314"), {
    says: ["ERR_SSL_WRONG_VERSION_NUMBER"],
  })`
    The server does not speak TLS on this port.
    The port expects a plain connection first (STARTTLS).
    ${hosts`Choose STARTTLS for ports 587, 143 and 110{there}.`}
    ${hosts`Or choose a port with TLS from the start{there}: 993, 995 or 465.`}`,
  entry("tls.too_old", see(ADMIN, NETWORK.showTls, "https://www.rfc-editor.org/rfc/rfc8996"), {
    says: ["ERR_SSL_UNSUPPORTED_PROTOCOL"],
  })`
    The server speaks only old versions of TLS.
    Postkey asks for TLS 1.2 or later.
    Have the server updated.
    If there is a proxy in between, have that updated.`,
  entry("tls.handshake_failed", see(ADMIN, NETWORK.showTls, TLS_SOURCE))`
    The two sides could not agree on a secure connection.
    Server and Postkey have no common method, or the server sent something other than TLS.
    ${hosts`Check host, port and TLS mode{there}.`}
    Ask the operator of the server which TLS it supports.`,
  entry("tls.interrupted", see(PASSES, NETWORK.showTls, TLS_SOURCE), {
    reason: "connection_broken",
  })`
    The connection broke off before anyone had signed in.
    A firewall, a load balancer or a tunnel on the way cut it, or the server itself did.
    ${TEST}
    ${PATH}`,
  entry("tls.timeout", see(PASSES, NETWORK.showTls, TLS_SOURCE), { reason: "server_silent" })`
    Securing the connection took too long.
    The server accepted the connection, and the handshake did not end. It may not speak TLS here, or something on the way loses or delays what is sent.
    ${hosts`Check host, port and TLS mode{there}.`}
    ${PATH}
    ${TEST}`,
  entry("tls.starttls_missing", see(ADMIN, "https://www.rfc-editor.org/rfc/rfc3207"))`
    The server offers no STARTTLS.
    It has none on this port, or someone on the way removes the offer. Nothing was sent in clear text.
    ${hosts`Choose TLS from the start with port 993, 995 or 465{there}.`}
    Check whether a firewall changes mail traffic.`,
  entry("tls.starttls_injection", see(ADMIN, "https://www.rfc-editor.org/rfc/rfc3207#section-6"))`
    Data was injected before the connection was secure.
    A server sends nothing at this point. Someone on the way, or a broken proxy, is changing the traffic.
    Do not use this connection.
    Find out what is between this machine and the server.`,
];
