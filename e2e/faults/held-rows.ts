import { pool } from "@/lib/kernel/db";

const TABLES = [
  ...["Session", "SignInThrottle", "Event", "IdempotencyKey", "AuthorizationRequest", "Alert"],
  ...["Incident", "StateChange", "TestRun", "ConnectionTest", "Contact", "ContactList"],
  ...["EmailAccount", "AuditEvent"],
];
const SECRETS = [
  ["ClientCredential", "secretSealed"],
  ["EmailAccount", "passwordSealed"],
  ["TokenSet", "accessTokenSealed"],
  ["TokenSet", "cacheSealed"],
] as const;

/** What no clock may take away: how many rows there are, and secrets to fall back on. */
export async function heldRows(): Promise<Record<string, number>> {
  const counts = [
    ...TABLES.map((table) => `SELECT '${table}' AS what, count(*)::int FROM "${table}"`),
    ...SECRETS.map(
      ([table, column]) => `SELECT '${table} ${column}', count("${column}")::int FROM "${table}"`,
    ),
  ];
  const { rows } = await pool().query<{ what: string; count: number }>(counts.join(" UNION ALL "));
  return Object.fromEntries(rows.map(({ what, count }) => [what, count]));
}

/** What there is fewer of than before. */
export async function lostSince(before: Record<string, number>): Promise<string[]> {
  const after = await heldRows();
  return Object.keys(before).filter((what) => (after[what] ?? 0) < (before[what] ?? 0));
}
