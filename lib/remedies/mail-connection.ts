import { DIRECTORY, NETWORK } from "./commands";
import { ADMIN, entry, OWNER, PASSES, rfc, see, TENANT_ADMIN } from "./entry";
import { OAUTH } from "./mail-token";
import { TENANT } from "./portal";
import {
  editAccount,
  hosts,
  PATH,
  passwords,
  SET_CLOCK,
  SIGN_IN_AGAIN,
  TEST,
  test,
  wait,
} from "./steps";

const NODE_SOURCE = "https://nodejs.org/api/errors.html";

const TLS_SOURCE = "https://nodejs.org/api/tls.html#x509-certificate-error-codes";

export const NETWORK_REMEDIES = [
  entry("dns.not_found", see(ADMIN, NETWORK.lookUp, NODE_SOURCE), {
    says: ["getaddrinfo ENOTFOUND"],
  })`
    The mail server's name does not exist.
    The host is misspelt, or the name server of this machine does not know it.
    ${hosts`Correct the host{there}.`}
    Try the name from this machine, for example with nslookup.`,
  entry("dns.temporary", see(PASSES, NETWORK.lookUp, NODE_SOURCE), {
    reason: "resolver",
    says: ["getaddrinfo EAI_AGAIN"],
  })`
    The name server did not respond correctly.
    The resolver of this machine is out of reach or has a fault.
    ${TEST}
    Check the name servers of this machine if this keeps happening.`,
  entry("dns.timeout", see(PASSES, NETWORK.lookUp, NODE_SOURCE), { reason: "resolver" })`
    Looking the mail server's name up took too long.
    The resolver of this machine did not respond within five seconds.
    ${TEST}
    Check the name servers of this machine if this keeps happening.`,
  entry("egress.private_address", see(ADMIN, rfc("6890")))`
    The host points into a private network, and Postkey does not connect there.
    An address typed into a form must not reach servers inside the network.
    ${hosts`Correct the host{there} if it should be a public mail server.`}
    If the server really is inside, have the operator list its host in POSTKEY_PRIVATE_HOSTS.`,
  entry("egress.port_refused", see(ADMIN, rfc("8314")))`
    Postkey does not connect to this port.
    Only the usual mail ports are allowed for servers that are not preset.
    ${hosts`Use port 993 for IMAP, 995 for POP3, and 587 or 465 for SMTP{there}.`}
    If the server really uses another port, have the operator allow it for this host.`,
  entry("tcp.refused", see(PASSES, NETWORK.connect, NODE_SOURCE), {
    says: ["connect ECONNREFUSED"],
  })`
    The server refused the connection.
    Nothing listens on this port, or a firewall answers for it.
    ${hosts`Check host and port{there}.`}
    Allow outgoing connections to this port in the firewall.`,
  entry("tcp.timeout", see(PASSES, NETWORK.connect, NODE_SOURCE), { says: ["connect ETIMEDOUT"] })`
    The server is not responding.
    A firewall drops the connection, or the server is down.
    Allow outgoing connections to this host and port in the firewall.
    ${hosts`Check host and port{there}.`}`,
  entry("tcp.unreachable", see(PASSES, NETWORK.connect, NODE_SOURCE), {
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
  entry("tls.wrong_name", see(ADMIN, NETWORK.showTls, rfc("9525")), {
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
  entry("tls.not_spoken", see(ADMIN, NETWORK.showTls, rfc("8314")), {
    says: ["ERR_SSL_WRONG_VERSION_NUMBER"],
  })`
    The server does not speak TLS on this port.
    The port expects a plain connection first (STARTTLS).
    ${hosts`Choose STARTTLS for ports 587, 143 and 110{there}.`}
    ${hosts`Or choose a port with TLS from the start{there}: 993, 995 or 465.`}`,
  entry("tls.too_old", see(ADMIN, NETWORK.showTls, rfc("8996")), {
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
  entry("tls.starttls_missing", see(ADMIN, rfc("3207")))`
    The server offers no STARTTLS.
    It has none on this port, or someone on the way removes the offer. Nothing was sent in clear text.
    ${hosts`Choose TLS from the start with port 993, 995 or 465{there}.`}
    Check whether a firewall changes mail traffic.`,
  entry("tls.starttls_injection", see(ADMIN, rfc("3207#section-6")))`
    Data was injected before the connection was secure.
    A server sends nothing at this point. Someone on the way, or a broken proxy, is changing the traffic.
    Do not use this connection.
    Find out what is between this machine and the server.`,
];
export const CONVERSATION_REMEDIES = [
  entry("mail.no_greeting", see(PASSES, rfc("9051"), NETWORK.connect), { reason: "server_silent" })`
    The server accepted the connection but sent no greeting.
    It is overloaded, makes unknown clients wait, or expects TLS from the start on this port.
    ${hosts`Check port and TLS mode{there}.`}
    ${test`{Press} in a few minutes.`}`,
  entry("mail.wrong_service", see(ADMIN, rfc("9051"), NETWORK.connect))`
    Another service answers on this port.
    The answer is not in this mail protocol. It may be a web server's page.
    ${hosts`Check host and port{there}.`}`,
  entry("mail.deadline", see(PASSES, rfc("5321#section-4.5.3.2")))`
    The server took too long to answer.
    It stopped in the middle, or something on the way loses or delays what is sent.
    ${TEST}
    ${PATH}
    If it always stops here, ask the operator of the server.`,
  entry("mail.flood", see(ADMIN, rfc("1939#section-3")))`
    The server sent far more than it should.
    A line or an answer exceeded every sensible size. Postkey hung up.
    ${hosts`Check host and port{there}.`}
    Tell the operator of the server if they are right.`,
  entry("mail.protocol_error", see(ADMIN, rfc("9051")))`
    The server gave a reply that makes no sense here.
    It does not follow the protocol, or another service answers on this port.
    ${hosts`Check host and port{there}.`}
    Read the server's words below.`,
  entry("mail.connection_lost", see(PASSES, rfc("9051")), { reason: "connection_broken" })`
    The server closed the connection.
    It restarted or limits connections, or something on the way cut the connection.
    ${TEST}
    ${PATH}
    Close other programs that use the same mailbox if this keeps happening.`,
  entry("mail.temporary", see(PASSES, rfc("5321#section-4.2.1")), {
    says: [
      "451 4.7.500 Server busy. Please try again later",
      "421 4.3.2 Service not available",
      "NO [UNAVAILABLE] Server Unavailable. 15",
      "-ERR [SYS/TEMP] Server Unavailable. 15",
      "NO Server Unavailable. 15",
    ],
  })`
    The server cannot do this at the moment.
    It says so itself, and asks you to try again later.
    ${test`{Press} in a few minutes.`}`,
  entry("mail.throttled", PASSES, {
    says: [
      "432 4.3.2 Concurrent connections limit exceeded.",
      "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded",
      "* BYE Too many simultaneous connections",
      "NO MailboxConcurrencyLimit",
      "421 4.7.0 Too many concurrent SMTP connections; please try again later",
    ],
    source:
      "https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements",
  })`
    The server limits how often or how much this mailbox is used.
    Servers allow a mailbox few connections at once, often three for sending.
    ${wait`Wait a few minutes.`}
    Have fewer programs use the mailbox at the same time.`,
  entry("mail.contact_admin", see(TENANT_ADMIN, TENANT.users, DIRECTORY.showUser), {
    says: ["NO [CONTACTADMIN] Contact your administrator.", "-ERR [SYS/PERM] Mailbox is disabled."],
    source: rfc("5530#section-3"),
  })`
    The server wants its administrator to look at this account.
    It says that retrying does not help, and that the cause is a fault on its side or a lock.
    Ask the administrator of the mail server, and give the server's words below.
    Check that the account is not locked or suspended.`,
  entry("mail.no_xoauth2", see(ADMIN, NETWORK.showTls, OAUTH))`
    The server does not offer modern authentication.
    It is not the server of this service, or something in between hides the offer.
    ${hosts`Check the host{there}.`}
    ${passwords`If the server has passwords only, switch Modern Authentication off.`}`,
  entry("mail.token_refused", see(OWNER, rfc("7628#section-3.2.2")), { credential: "xoauth2" })`
    The server refused the token.
    The account that signed in may not open this mailbox. The server does not say why.
    ${editAccount`Check that the Username of the account is the account that signed in.`}
    ${SIGN_IN_AGAIN}`,
  entry("mail.invalid_credential", see(ADMIN, rfc("7628#section-3.1")))`
    The user name, password or address contains characters that cannot be sent.
    There is a line break or another invisible character in it, often from pasting.
    ${editAccount`Type the value again in the account.`}`,
];
