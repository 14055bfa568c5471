import type { Protocol } from "@/lib/egress/protocols/schema";
import { emailKey } from "@/lib/kernel/text/normalize";
import {
  type MailService,
  mailService,
  servicesInSql,
  WITH_OWN_HOSTS,
} from "@/lib/mail/services/schema";

export type AccountNames = {
  service: MailService;
  modernAuthentication: boolean;
  username: string;
  emailAddress: string;
  mailbox: string | null;
  /** Whose name SMTP took when it last worked. */
  smtpUser: string | null;
  isAppOnly: boolean;
};

/** Three things that are one for most accounts, and the names that each protocol takes (SASL). */
export type Identities = {
  /** Who signs in; of an application that does so by itself, the mailbox that it opens. */
  login: string;
  mailbox: string;
  sender: string;
  isDelegate: boolean;
  imap: string;
  pop3: string;
  smtp: string;
  otherSmtp?: string;
};

/**
 * IMAP and POP3 want the mailbox. SMTP wants the owner of the token, as far as is known: Microsoft's page says one thing
 * and servers do another, so the mailbox is tried second, and what worked is tried first the next time.
 */
export function identitiesOf(account: AccountNames): Identities {
  const { username: login, emailAddress: sender, smtpUser, isAppOnly } = account;
  const mailbox = mailboxOf(account);
  // Names first: to what was spread V8 adds them slowly.
  if (isAppOnly) return { login: mailbox, mailbox, sender, isDelegate: false, ...all(mailbox) };
  const isOwn = mailbox === login || emailKey(mailbox) === emailKey(login);
  if (isOwn || !account.modernAuthentication)
    return { login, mailbox, sender, isDelegate: false, ...all(login) };
  const [smtp, otherSmtp] = smtpUser === "mailbox" ? [mailbox, login] : [login, mailbox];
  const names = { imap: mailbox, pop3: mailbox, smtp, otherSmtp };
  return { login, mailbox, sender, isDelegate: true, ...names };
}

/** Where several people open a mailbox it is the address; elsewhere another address is an alias. */
function mailboxOf(account: AccountNames): string {
  const { mailbox, service, isAppOnly, modernAuthentication, emailAddress, username } = account;
  if (!modernAuthentication) return username;
  if (mailbox !== null) return mailbox;
  return isAppOnly || mailService(service).hasSharedMailboxes ? emailAddress : username;
}

function all(name: string) {
  return { imap: name, pop3: name, smtp: name };
}

/** SQL: under which an account finds its authorization. An application that signs in by itself has one, without a name. */
export function signedInName(account: string, provider: string): string {
  return nameUnlessApp(`${account}."usernameKey"`, provider);
}

/** SQL: the same of a name that is not one account's key. */
export function nameUnlessApp(name: string, provider: string): string {
  return `CASE WHEN ${provider}."grant" = 'app_only' THEN '' ELSE ${name} END`;
}

/** An account as it would be if it signed in through a provider: what is tested before it is moved. */
export type Candidate = { emailAccountId: string; cloudProviderId: string; username: string };

/** SQL: accounts as candidates, with the provider, the user name and its key as $2, $3 and $4. */
export const candidateAccounts = `SELECT id, key, name, active, service, "emailAddress", "emailKey", hosts, "passwordSealed",
  TRUE AS "modernAuthentication", $3::text AS username, $4::text AS "usernameKey",
  NULL::text AS mailbox, NULL::text AS "smtpUser", 'smtp' AS "sendsBy", 'imap' AS "readsBy", $2::uuid AS "cloudProviderId" FROM "EmailAccount"`;

/** SQL: who serves the mail of an account: the service, or the host that the account itself names. */
export function serverName(account: string): string {
  return `(CASE WHEN ${account}.service IN (${WITH_OWN_HOSTS}) THEN ${ownHost(account)} ELSE ${account}.service END)`;
}

/** SQL: of an account's own servers, as an index has it. */
export function ownHost(account: string): string {
  const host = (protocol: Protocol) => `${account}.hosts->'${protocol}'->>'host'`;
  return `coalesce(${host("imap")}, ${host("pop3")}, ${host("smtp")})`;
}

/** SQL: as accountHosts. */
export function hasServer(account: string, protocol: Protocol): string {
  return `(${account}.service NOT IN (${WITH_OWN_HOSTS}) OR ${account}.hosts->'${protocol}'->>'host' IS NOT NULL)`;
}

/** SQL: the services with mailboxes that several people open. */
const WITH_SHARED = servicesInSql((service) => mailService(service).hasSharedMailboxes);

/** SQL: the mailbox that an account opens with a person's sign-in, as identitiesOf names it. */
export function mailboxName(account: string): string {
  return `coalesce(${account}.mailbox, CASE WHEN ${account}.service IN (${WITH_SHARED})
    THEN ${account}."emailAddress" ELSE ${account}.username END)`;
}

/** SQL: a mailbox with who opens it. Two tests at once would count against the same limits of its server. */
export function mailboxKey(account: string): string {
  const own = `CASE WHEN ${account}.service IN (${WITH_SHARED}) THEN ${account}."emailKey" ELSE ${account}."usernameKey" END`;
  return `concat_ws(' ', coalesce(${account}."cloudProviderId"::text, ${ownHost(account)}, ${account}.service),
    ${account}."usernameKey", lower(coalesce(${account}.mailbox, ${own})))`;
}

const MAILBOX_OF = (account: string) =>
  `postkey_mailbox(${account}.service, ${account}."modernAuthentication", ${account}."usernameKey",
    ${account}."emailKey", ${account}.mailbox, ${account}.hosts)`;

/** SQL: the account under which the mailbox of an account is counted. */
export function mailboxId(account: string): string {
  // Ends: One place, or the one that names its mailbox.
  return `(SELECT m.id FROM "EmailAccount" m WHERE ${MAILBOX_OF("m")} = ${MAILBOX_OF(account)}
    ORDER BY m."createdAt", m.id LIMIT 1)`;
}
