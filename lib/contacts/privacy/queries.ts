import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { only } from "@/lib/kernel/words";
import type { Person, PersonalData } from "./schema";
import { findHash } from "./store";

export async function findPersonalData(actor: Actor, { email }: Person): Promise<PersonalData> {
  requirePermission(actor, "contacts:write");
  const key = emailKey(email);
  return db().$transaction(async (tx) => {
    const contact = await findContact(tx, key);
    return {
      address: email,
      contact,
      keptOutSince: await findKeptOutSince(tx, key),
      auditEvents: contact ? await findAuditEvents(tx, contact.id) : [],
      elsewhere: await findElsewhere(tx, key),
    };
  });
}

export async function countKeptOut(actor: Actor): Promise<number> {
  requirePermission(actor, "contacts:read");
  return db().suppressedContact.count();
}

async function findContact(tx: Transaction, key: string): Promise<PersonalData["contact"]> {
  const row = await tx.contact.findUnique({
    where: { emailKey: key },
    select: {
      ...only("id email name createdAt firstSeenAt lastSeenAt"),
      contactList: { select: { name: true } },
      emailAccount: { select: { name: true } },
    },
  });
  if (!row) return null;
  const { id, email: address, name, createdAt: addedAt, firstSeenAt, lastSeenAt } = row;
  const [list, source] = [row.contactList.name, row.emailAccount?.name ?? null];
  return { id, address, name, list, source, addedAt, firstSeenAt, lastSeenAt };
}

async function findKeptOutSince(tx: Transaction, key: string): Promise<Date | null> {
  const hash = await findHash(tx, key);
  if (!hash) return null;
  const row = await tx.suppressedContact.findUnique({ where: { hash } });
  return row?.createdAt ?? null;
}

async function findAuditEvents(tx: Transaction, id: string): Promise<PersonalData["auditEvents"]> {
  const rows = await tx.auditEvent.findMany({
    where: { objectKind: "contact", objectId: id },
    orderBy: { id: "asc" },
    select: { id: true, at: true, action: true, actorName: true },
  });
  return rows.map((row) => ({ ...row, id: row.id.toString() }));
}

async function findElsewhere(tx: Transaction, key: string): Promise<PersonalData["elsewhere"]> {
  return tx.$queryRaw<PersonalData["elsewhere"]>`
    SELECT 'administrator' AS kind, name FROM "Administrator" WHERE email = ${key}
    UNION SELECT 'email_account', name FROM "EmailAccount"
      WHERE "emailKey" = ${key} OR "usernameKey" = ${key} OR lower(mailbox) = ${key}
    UNION SELECT 'sign_in', "displayName" FROM "Authorization" WHERE username = ${key}
    UNION SELECT 'passkey', p.name FROM "Passkey" p
      JOIN "Administrator" a ON a.id = p."administratorId" WHERE a.email = ${key}
    UNION SELECT 'authenticator', a.name FROM "Authenticator" t
      JOIN "Administrator" a ON a.id = t."administratorId" WHERE a.email = ${key}
    UNION SELECT 'session', coalesce(nullif(s.browser, ''), 'Unknown browser') FROM "Session" s
      JOIN "Administrator" a ON a.id = s."administratorId" WHERE a.email = ${key}
    UNION SELECT 'company_account', c.name FROM "AdministratorIdentity" i
      JOIN "CompanySignIn" c ON c.id = i."companySignInId"
      JOIN "Administrator" a ON a.id = i."administratorId" WHERE a.email = ${key} OR lower(i.username) = ${key}
    UNION SELECT 'invitation', coalesce(name, '') FROM "SetupLink" WHERE lower(email) = ${key}
    UNION SELECT 'sign_in_link', p.name FROM "SignInLink" l
      JOIN "CloudProvider" p ON p.id = l."cloudProviderId" WHERE l."usernameKey" = ${key}
    UNION SELECT 'letter', subject FROM "Letter" WHERE "recipientKey" = ${key}
    UNION SELECT 'alert_channel', name FROM "AlertChannel"
      WHERE strpos(lower(target::text), ${JSON.stringify(key)}) > 0
    ORDER BY 1, 2`;
}
