import { type OwnHosts, ownHostsSchema } from "@/lib/egress/schema";
import { accountNotFound } from "@/lib/email-accounts/queries";
import {
  type Actor,
  type Permission,
  reaches,
  requirePermission,
  requirePermissionOnAccounts,
} from "@/lib/kernel/actor";
import { pool } from "@/lib/kernel/db";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { MailService } from "@/lib/mail/services/schema";
import { type Candidate, candidateAccounts, mailboxId } from "@/lib/sign-ins/identities";
import { CONNECTION_FIELDS, type ReadsBy, type SendsBy } from "../schema";

export type MailboxAccount = {
  id: string;
  key: string;
  name: string;
  emailAddress: string;
  username: string;
  mailbox: string | null;
  smtpUser: string | null;
  sendsBy: SendsBy;
  readsBy: ReadsBy;
  isAppOnly: boolean;
  service: MailService;
  modernAuthentication: boolean;
  cloudProviderId: string | null;
  providerGrant: string | null;
  /** In use. */
  credentialKind: string | null;
  cloud: string | null;
  clientId: string | null;
  /** Once the application is connected. */
  objectId: string | null;
  tenantId: string | null;
  redirectUri: string | null;
  hosts: OwnHosts | null;
  /** Instead of its cloud's. */
  providerHosts: unknown;
  /** The account under which its mailbox is counted, which others may open as well. */
  mailboxId: string;
  /** See connectionSettings. */
  settings: string;
  /** Tested as it would be after a move. */
  candidate?: Candidate;
};

const TESTED = (
  accounts: string,
) => `SELECT e.id, e.key, e.name, ${connectionSettings("e")} AS settings, e."emailAddress", e.username, e.mailbox, e."smtpUser", e."sendsBy", e."readsBy",
      coalesce(p."grant" = 'app_only', FALSE) AS "isAppOnly", e.service, e."modernAuthentication",
      e."cloudProviderId", p."grant" AS "providerGrant", c.kind AS "credentialKind", e.hosts, p.cloud, p.hosts AS "providerHosts", p."clientId", p."tenantId", p."redirectUri",
      (SELECT max(a."objectId") FROM "Authorization" a WHERE a."cloudProviderId" = p.id AND a."grant" = 'app_only') AS "objectId",
      coalesce(${mailboxId("e")}, e.id) AS "mailboxId"
    FROM ${accounts} e LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
      LEFT JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
    WHERE e.id = $1`;

const FIND = { name: "find-mailbox-account", text: TESTED('"EmailAccount"') };
const FIND_CANDIDATE = { name: "find-candidate", text: TESTED(`(${candidateAccounts})`) };

/**
 * @throws AppError not_found
 * @permission accounts:test unless the caller names another one.
 */
export async function findMailboxAccount(
  actor: Actor,
  id: string,
  permission: Permission = "accounts:test",
): Promise<MailboxAccount> {
  requirePermissionOnAccounts(actor, permission);
  const account = await readReachedAccount(actor, id);
  if (!account) throw accountNotFound();
  return account;
}

/**
 * Null: gone, or out of reach.
 * @permission none: its callers ask.
 */
export async function readReachedAccount(actor: Actor, id: string): Promise<MailboxAccount | null> {
  const account = await readMailboxAccount(id);
  return account && reaches(actor, account) ? account : null;
}

export async function readMailboxAccount(id: string): Promise<MailboxAccount | null> {
  const { rows } = await pool().query<MailboxAccount>({ ...FIND, values: [id] });
  const [row] = rows;
  return row ? { ...row, hosts: ownHostsSchema.nullable().parse(row.hosts) } : null;
}

export async function findCandidate(actor: Actor, candidate: Candidate): Promise<MailboxAccount> {
  requirePermission(actor, "accounts:test");
  const { emailAccountId, cloudProviderId, username } = candidate;
  const values = [emailAccountId, cloudProviderId, username, emailKey(username)];
  const { rows } = await pool().query<MailboxAccount>({ ...FIND_CANDIDATE, values });
  const [row] = rows;
  if (!row) throw accountNotFound();
  return { ...row, hosts: null, candidate };
}

/** SQL: one value for the settings a test depends on. A resealed password counts as new. */
export function connectionSettings(account: string): string {
  const columns = [...CONNECTION_FIELDS, "passwordSealed"].map((name) => `${account}."${name}"`);
  return `md5(ROW(${columns.join(", ")})::text)`;
}
