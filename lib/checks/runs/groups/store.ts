import {
  manyMailboxes,
  type RepairableAccount,
  repairObjectOf,
} from "@/lib/email-accounts/repair-object";
import { db } from "@/lib/kernel/db";
import { remedyContext } from "@/lib/registrations/remedy-context";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { NAMED_IN_SCRIPT } from "@/lib/remedies/fill-command";
import { happensAtHost, titleAt } from "@/lib/remedies/host-title";
import type { RepairObject } from "@/lib/remedies/remedy";
import { Prisma } from "@/prisma/generated/client";
import { testedAt } from "../../conclusion";
import { reportSchema } from "../../schema";
import { NAMED_ACCOUNTS, type TestRunGroup } from "../schema";

type Provider = {
  id: string;
  name: string;
  grant: string;
  credentialKind: string;
  cloud: string;
  clientId: string;
  tenantId: string;
  redirectUri: string;
};

type Found = Pick<TestRunGroup, "failedWith" | "accounts" | "named"> & {
  provider: Provider | null;
  people: { username: string; emailAccountId: string }[];
};

/** The widest first. */
export async function findGroups(testRunId: string): Promise<TestRunGroup[]> {
  const groups = await db().$queryRaw<Found[]>`
    WITH failed AS (${failedItems(testRunId)}), grouped AS (
      SELECT "failedWith", "cloudProviderId", count(*)::int AS accounts,
        jsonb_agg(jsonb_build_object('id', id, 'name', name, 'connectionTestId', "connectionTestId")
          ORDER BY place) FILTER (WHERE place <= ${NAMED_ACCOUNTS}) AS named,
        coalesce(jsonb_agg(jsonb_build_object('username', username, 'emailAccountId', id)
          ORDER BY place) FILTER (WHERE "isFirstOfPerson"), '[]') AS people
      FROM failed GROUP BY "failedWith", "cloudProviderId"
    )
    SELECT g."failedWith", g.accounts, g.named, g.people,
      CASE WHEN p.id IS NOT NULL THEN jsonb_build_object('id', p.id, 'name', p.name, 'grant', p."grant",
        'credentialKind', coalesce(c.kind, ''), 'cloud', p.cloud, 'clientId', p."clientId",
        'tenantId', p."tenantId", 'redirectUri', p."redirectUri") END AS provider
    FROM grouped g LEFT JOIN "CloudProvider" p ON p.id = g."cloudProviderId"
      LEFT JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
    ORDER BY g.accounts DESC, g."failedWith", p."nameKey"`;
  return Promise.all(groups.map((group) => explained(testRunId, group)));
}

function failedItems(testRunId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT i."failedWith", e.id, e.name, e.username, e."cloudProviderId", t.id AS "connectionTestId",
      row_number() OVER (PARTITION BY i."failedWith", e."cloudProviderId"
        ORDER BY e."nameKey", e.id) AS place,
      row_number() OVER (PARTITION BY i."failedWith", e."cloudProviderId", e."usernameKey"
        ORDER BY e."nameKey", e.id) = 1 AS "isFirstOfPerson"
    FROM (SELECT *, coalesce("failureId", 'postkey.unexpected') AS "failedWith" FROM "TestRunItem") i
      JOIN "EmailAccount" e ON e.id = i."emailAccountId"
      LEFT JOIN "ConnectionTest" t ON t.id = i."connectionTestId"
    WHERE i."testRunId" = ${testRunId}::uuid AND i.state = 'failed'`;
}

async function explained(testRunId: string, group: Found): Promise<TestRunGroup> {
  const { failedWith, accounts, named, provider, people } = group;
  const failed = { testRunId, failedWith, cloudProviderId: provider?.id };
  const remedy = findRemedy(failedWith);
  const isNamed = accounts === 1 || remedy.command?.text.includes("{mailbox}") === true;
  const mailboxes = isNamed ? await findMailboxes(testRunId, group) : [];
  const [only] = mailboxes;
  const ofProvider = provider ? remedyContext(provider) : {};
  const object: RepairObject = {
    service: ofProvider.service,
    ...(accounts === 1 && only && repairObjectOf(only)),
    ...(provider && { provider }),
    signIns: people.map(({ username, emailAccountId }) => ({
      username,
      of: { subject: "email_account", emailAccountId },
    })),
    failed,
  };
  const context = { ...ofProvider, object };
  const names = manyMailboxes({ remedyId: failedWith, accounts }, mailboxes);
  const filled = fillRemedy(remedy, context, names);
  return {
    failedWith,
    accounts,
    named,
    providerName: provider?.name ?? null,
    failed,
    remedy: { ...filled, title: titleAt(filled, await findHosts(group)) },
  };
}

/** None if unread of some. */
async function findHosts({ failedWith, accounts, named }: Found): Promise<string[]> {
  if (!happensAtHost(failedWith) || accounts > named.length) return [];
  const ids = named.flatMap(({ connectionTestId }) => connectionTestId ?? []);
  const tests = await db().connectionTest.findMany({
    where: { id: { in: ids } },
    select: { report: true },
  });
  return tests.flatMap(({ report }) =>
    reportSchema
      .parse(report)
      .protocols.filter(({ failure }) => failure?.remedyId === failedWith)
      .flatMap((each) => testedAt(each).host ?? []),
  );
}

async function findMailboxes(testRunId: string, { failedWith, provider }: Found) {
  // Ends: Says how many more there are.
  return db().$queryRaw<RepairableAccount[]>`
    SELECT e.id, e.username, e."emailAddress", e.mailbox, e."smtpUser", e.service,
      e."modernAuthentication", e."cloudProviderId", p."grant" AS "providerGrant",
      coalesce(p."grant" = 'app_only', FALSE) AS "isAppOnly", c.kind AS "credentialKind"
    FROM "TestRunItem" i JOIN "EmailAccount" e ON e.id = i."emailAccountId"
      LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
      LEFT JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
    WHERE i."testRunId" = ${testRunId}::uuid AND i.state = 'failed'
      AND coalesce(i."failureId", 'postkey.unexpected') = ${failedWith}
      AND e."cloudProviderId" IS NOT DISTINCT FROM ${provider?.id ?? null}::uuid
    ORDER BY e."nameKey", e.id LIMIT ${NAMED_IN_SCRIPT}`;
}
