import {
  type AuthorizationColumns,
  channelDestination,
  credentialDestination,
  type ProviderColumns,
  passwordDestination,
  providerDestination,
  tokenDestination,
} from "@/lib/installation/keys/destinations";
import type { Destination } from "@/lib/kernel/crypto";
import { WITH_OWN_HOSTS } from "@/lib/mail/houses/in-sql";

/** A column with envelopes of the version that knew no destinations, and where they belong. */
export type UnboundColumn = {
  table: string;
  column: string;
  /** SQL: rows with `id`, `sealed`, and what `destinationOf` reads. */
  select: string;
  destinationOf(row: unknown): Destination | null;
};

const PROVIDER = `p.id AS "cloudProviderId", p.service, p.cloud, p.hosts, p."clientId", p."tenantId"`;

/**
 * Every sealed column of that version. This describes the past: a column that came later holds no such
 * values, and what is sealed by code of its own is bound there.
 */
export const UNBOUND_COLUMNS: readonly UnboundColumn[] = [
  column("AlertChannel", "secretSealed", {
    select: `SELECT id::text, "secretSealed" AS sealed, target FROM "AlertChannel"`,
    destinationOf: ({ target }: { target: Parameters<typeof channelDestination>[0] }) =>
      channelDestination(target),
  }),
  column("ClientCredential", "secretSealed", ofProvider("ClientCredential", "x.id", "x.kind")),
  column(
    "PendingCertificate",
    "privateKeySealed",
    ofProvider("PendingCertificate", `x."cloudProviderId"`, "'certificate'"),
  ),
  column(
    "SecretRotation",
    "secretSealed",
    ofProvider("SecretRotation", `x."cloudProviderId"`, "'client_secret'"),
  ),
  column("EmailAccount", "passwordSealed", {
    select: `SELECT id::text, "passwordSealed" AS sealed, service,
        CASE WHEN service IN (${WITH_OWN_HOSTS}) THEN hosts END AS hosts, NULL AS cloud, NULL AS "providerHosts",
        CASE WHEN "modernAuthentication" THEN coalesce("formerUsername", '') ELSE username END AS username
      FROM "EmailAccount"`,
    destinationOf: passwordDestination,
  }),
  ...["auditKeySealed", "calendarTokenSealed", "suppressionKeySealed"].map((name) =>
    column("Installation", name, {
      select: `SELECT id::text, "${name}" AS sealed FROM "Installation"`,
      destinationOf: () => null,
    }),
  ),
  ...["accessTokenSealed", "cacheSealed"].map((name) =>
    column("TokenSet", name, {
      select: `SELECT t."authorizationId"::text AS id, t."${name}" AS sealed, ${PROVIDER},
          p."grant" AS "providerGrant", a."grant", a.username AS "authorizedName", a."objectId",
          a."tenantId" AS "identityTenantId"
        FROM "TokenSet" t JOIN "Authorization" a ON a.id = t."authorizationId"
        JOIN "CloudProvider" p ON p.id = a."cloudProviderId"`,
      destinationOf: (row: ProviderColumns & AuthorizationColumns) => tokenDestination(row, row),
    }),
  ),
];

function ofProvider(table: string, id: string, kind: string) {
  const sealed = table === "PendingCertificate" ? "privateKeySealed" : "secretSealed";
  return {
    select: `SELECT ${id}::text AS id, x."${sealed}" AS sealed, ${kind} AS "credentialKind", ${PROVIDER}
      FROM "${table}" x JOIN "CloudProvider" p ON p.id = x."cloudProviderId"`,
    destinationOf: (row: ProviderColumns & { credentialKind: string }) =>
      credentialDestination(providerDestination(row), row.credentialKind),
  };
}

type Described<Row> = { select: string; destinationOf(row: Row): Destination | null };

function column<Row>(table: string, name: string, described: Described<Row>): UnboundColumn {
  const { select, destinationOf } = described;
  // Each statement names the columns that its own function reads.
  return { table, column: name, select, destinationOf: (row) => destinationOf(row as Row) };
}
