import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { countApiKeyViews, listApiKeys } from "@/lib/access/api-keys/queries";
import { API_KEY_SORTS, API_KEY_VIEWS } from "@/lib/access/api-keys/schema";
import { countDeviceViews, listDevices } from "@/lib/access/devices/list/queries";
import { DEVICE_SORTS, DEVICE_VIEWS } from "@/lib/access/devices/schema";
import { listAuditEvents } from "@/lib/audit/trail/queries";
import { auditParamsSchema } from "@/lib/audit/trail/schema";
import { countContactViews, listContacts } from "@/lib/contacts/queries";
import { CONTACT_SORTS, CONTACT_VIEWS } from "@/lib/contacts/schema";
import { countViews } from "@/lib/email-accounts/filters/queries";
import { ACCOUNT_VIEWS } from "@/lib/email-accounts/filters/schema";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { EMAIL_ACCOUNT_SORTS } from "@/lib/email-accounts/schema";
import { DAY_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
import { listParamsSchema } from "@/lib/kernel/paging/schema";
import { countMigrationViews, listPasswordAccounts } from "@/lib/migration/queries";
import { MIGRATION_SORTS, MIGRATION_VIEWS } from "@/lib/migration/schema";
import { countProviderViews } from "@/lib/registrations/filters/queries";
import {
  EXPIRY_KINDS,
  PROVIDER_VIEWS,
  SHOWN_PROVIDER_STATES,
} from "@/lib/registrations/filters/schema";
import { listCloudProviders } from "@/lib/registrations/queries";
import { CLOUD_PROVIDER_SORTS, PROVIDER_STATES } from "@/lib/registrations/schema";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { statementsOf } from "@/lib/testing/statements";
import { countIncidents, listIncidents } from "@/lib/watch/incidents/list/queries";
import { INCIDENT_SORTS, INCIDENT_STATES } from "@/lib/watch/incidents/schema";
import { readWarnings } from "@/lib/watch/warnings/queries";

withDatabase();
const ada = administrator();
const ROWS = 20_000;
/** A page, a count that is capped, and those of a rare kind that are sorted. */
const MOST_ROWS = 4_000;

beforeAll(async () => {
  const seeding = await pool().connect();
  // What is written here are thousands of rows: on a busy machine longer than a statement of the product may take.
  await seeding.query("SET statement_timeout = 0");
  for (const statement of SEED) await seeding.query(statement);
  await seeding.query("VACUUM (ANALYZE)");
  seeding.release(true);
}, 120_000);

const P = `(SELECT array_agg(id ORDER BY "nameKey") FROM "CloudProvider")`;
/** One of each in a hundred is out of the ordinary. */
const SEED = [
  `INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri", cloud)
   SELECT gen_random_uuid(), n, md5(n::text), 'app ' || n, n, 'https://postkey.example.com/',
     CASE WHEN n % 100 = 0 THEN 'china' ELSE 'global' END FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO "ClientCredential" (id, "cloudProviderId", hint, "expiresAt", version, "createdByName")
   SELECT gen_random_uuid(), id, 'abc', now() + (row_number() OVER ()) * interval '1 hour', 1, 'Seed'
   FROM "CloudProvider"`,
  `INSERT INTO "ContactList" (id, name, "nameKey")
   SELECT gen_random_uuid(), n, md5(n::text) FROM generate_series(1, 50) n`,
  `INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey", service,
     "modernAuthentication", username, "usernameKey", "cloudProviderId", "lastTestedAt", "imapVerdict")
   SELECT gen_random_uuid(), n, md5(n::text), n, n, n || '@contoso.test', n || '@contoso.test',
     'outlook365', n % 100 <> 1, n || '@contoso.test',
     CASE WHEN n % 100 = 2 THEN 'dave@contoso.test' ELSE n || '@contoso.test' END,
     (${P})[1 + n % (${ROWS} - 100)], now() - n * interval '1 minute',
     CASE WHEN n % 100 = 3 THEN 'failed' ELSE 'ok' END FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO "Authorization" (id, "cloudProviderId", username, "displayName", "objectId", "tenantId",
     "homeAccountId", scopes, "signedInByName")
   SELECT gen_random_uuid(), "cloudProviderId", "usernameKey", name, id, id, id, '{}', 'Seed'
   FROM "EmailAccount" WHERE key::int % 100 <> 4 ON CONFLICT DO NOTHING`,
  `INSERT INTO "TokenSet" ("authorizationId", "accessTokenSealed", "cacheSealed", "accessTokenExpiresAt",
     "refreshDueAt", state, "failureId")
   SELECT id, 'x', 'x', now() + interval '1 hour', now() + interval '1 hour',
     CASE WHEN get_byte(uuid_send(id), 0) < 3 THEN 'sign_in_again' ELSE 'connected' END,
     CASE WHEN get_byte(uuid_send(id), 0) < 3 AND get_byte(uuid_send(id), 1) < 40 THEN 'AADSTS50173' END
   FROM "Authorization"`,
  `INSERT INTO "Contact" (id, "contactListId", "emailAccountId", email, "emailKey", name, "firstSeenAt", "lastSeenAt")
   SELECT gen_random_uuid(), (SELECT array_agg(id) FROM "ContactList")[1 + n % 50],
     CASE WHEN n % 2 = 0 THEN (SELECT array_agg(id) FROM "EmailAccount")[1 + n % 300] END, n, md5(n::text),
     CASE WHEN n % 100 = 0 THEN '' ELSE n::text END,
     CASE WHEN n % 100 = 1 THEN NULL ELSE now() - n * interval '1 minute' END, now()
   FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO "ApiKey" (id, name, "keyHash", hint, permissions, "createdAt", "createdByName", "lastUsedAt", "expiresAt")
   SELECT gen_random_uuid(), n, n, 'abc', '{accounts:read}', now() - n * interval '1 minute', 'Seed',
     CASE WHEN n % 100 = 0 THEN NULL ELSE now() END,
     CASE WHEN n % 100 = 1 THEN now() - interval '1 day' END FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO "AuditEvent" (at, "actorKind", "actorId", "actorName", action, "objectKind", "objectId", "objectName")
   SELECT now() - (${ROWS} - n) * interval '1 minute', 'user', n % 100, 'Ada ' || n % 100,
     CASE WHEN n % 100 = 0 THEN 'session.refuse' ELSE 'contact.update' END, 'contact', n, 'Thing ' || n
   FROM generate_series(1, ${ROWS}) n`,
  `INSERT INTO "Incident" (id, cause, kind, "remedyId", subject, accounts, "peakAccounts", "openedAt", "quietSince",
     "resolvedAt")
   SELECT gen_random_uuid(), 'mail:' || n, 'mail', CASE WHEN n % 100 = 0 THEN 'imap.authenticate_failed' ELSE 'imap.bye' END,
     'Contoso ' || n, n % 40, n % 40, now() - n * interval '1 hour',
     CASE WHEN n % 100 <> 1 THEN now() END, CASE WHEN n % 100 > 2 THEN now() END FROM generate_series(1, ${ROWS}) n`,
  // A third of them is revoked, as after some years, among the others.
  `INSERT INTO "Device" (id, name, "nameKey", "emailAccountId", prefix, "passwordHash", protocols, "createdByName",
     "createdAt", paused, "lastUsedAt", "expiresAt", messages, "revokedAt")
   SELECT gen_random_uuid(), n, md5(n::text), (SELECT array_agg(id) FROM "EmailAccount")[1 + n % 2000], k || n, k || n,
     CASE WHEN n % 100 = 2 THEN '{imap}'::text[] ELSE '{smtp}' END, 'Seed', now() - n * interval '1 minute', n % 100 = 3, CASE WHEN n % 100 <> 0 THEN now() END,
     CASE WHEN n % 100 = 1 THEN now() - interval '1 day' END, n % 700, CASE WHEN k = 'r' THEN now() END
   FROM (SELECT n, 'd' AS k FROM generate_series(1, ${ROWS}) n
     UNION ALL SELECT n, 'r' FROM generate_series(1, ${ROWS / 2}) n) AS seed ORDER BY md5(n::text)`,
];

type Plan = {
  "Node Type": string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number | undefined;
  Plans?: Plan[] | undefined;
};
const planSchema: z.ZodType<Plan> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Actual Rows": z.number(),
    "Actual Loops": z.number(),
    "Rows Removed by Filter": z.number().optional(),
    Plans: z.array(planSchema).optional(),
  }),
);
const explainedSchema = z.array(
  z.object({ "QUERY PLAN": z.array(z.object({ Plan: planSchema })) }),
);

/** How many rows the busiest step of what a list asks looks at. */
async function mostRows(ask: () => Promise<unknown>): Promise<number> {
  const statements = (await statementsOf(ask)).filter(({ text }) => /^\s*SELECT/.test(text));
  expect(statements.length).toBeGreaterThan(0);
  const steps: number[] = [];
  for (const { text, values } of statements) {
    const { rows } = await pool().query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
    for (const explained of explainedSchema.parse(rows))
      for (const { Plan: plan } of explained["QUERY PLAN"]) steps.push(...stepsOf(plan));
  }
  return Math.max(...steps);
}

function stepsOf(plan: Plan): number[] {
  const { "Actual Rows": rows, "Rows Removed by Filter": removed = 0, Plans: below = [] } = plan;
  return [(rows + removed) * plan["Actual Loops"], ...below.flatMap(stepsOf)];
}

const dayIn = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
const NEXT_DAYS = { expiresFrom: dayIn(5), expiresTo: dayIn(12) };
const GONE = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";

type Asked = readonly [what: string, ask: () => Promise<unknown>];

const base = { search: "", direction: "asc" } as const;
const byView = <V extends string>(views: readonly V[], ask: (view: V) => Promise<unknown>) =>
  views.map((view): Asked => [`the view ${view}`, () => ask(view)]);
const bySort = <S extends string>(sorts: readonly S[], ask: (sort: S) => Promise<unknown>) =>
  sorts.map((sort): Asked => [`sorted by ${sort}`, () => ask(sort)]);

const accounts = (params: object) => listEmailAccounts(ada, { ...base, sort: "name", ...params });
const providers = (params: object) => listCloudProviders(ada, { ...base, sort: "name", ...params });
const contacts = (params: object) => listContacts(ada, { ...base, sort: "email", ...params });
const secondPage = async (sort: string) => {
  const { next: after } = await contacts({ sort });
  return contacts(listParamsSchema(CONTACT_SORTS).parse({ sort, after }));
};
const migration = (params: object) =>
  listPasswordAccounts(ada, { ...base, sort: "name", ...params });
const keys = (params: object) => listApiKeys(ada, { ...base, sort: "created", ...params });
const audit = (params: object) => listAuditEvents(ada, auditParamsSchema.parse(params));
const incidents = (params: object) => listIncidents(ada, { ...base, sort: "state", ...params });
const devices = (params: object) => listDevices(ada, { ...base, sort: "created", ...params });
const idOf = async (table: string) =>
  (await pool().query(`SELECT id FROM "${table}" LIMIT 1`)).rows[0]?.id;

describe.each<[string, Asked[]]>([
  [
    "accounts",
    [
      ...byView(ACCOUNT_VIEWS, (view) => accounts({ view })),
      ...bySort(EMAIL_ACCOUNT_SORTS, (sort) => accounts({ sort })),
      ["a provider", async () => accounts({ cloudProviderId: await idOf("CloudProvider") })],
      ["a delegate", () => accounts({ delegate: "dave@contoso.test" })],
      ["a service that none has", () => accounts({ service: "gmail" })],
      ["a server that none has", () => accounts({ server: "mail.one.test" })],
      ["a cause that few have", () => accounts({ failedWith: "AADSTS50173" })],
      [
        "a cause of failed tests",
        () => accounts({ failedWith: "AADSTS50173", view: "test_failed" }),
      ],
      ["a search", () => accounts({ search: "1999" })],
      ["the counts", () => countViews(ada)],
      ["the counts within a search", () => countViews(ada, "1999")],
      ["the counts within a search that all have", () => countViews(ada, "contoso")],
      [
        "the counts at a provider",
        async () => countViews(ada, "", { cloudProviderId: await idOf("CloudProvider") }),
      ],
      [
        "the counts of a service that all have",
        () => countViews(ada, "", { service: "outlook365" }),
      ],
      ["the counts of a cause", () => countViews(ada, "", { failedWith: "AADSTS50173" })],
      ["one import", () => accounts({ importId: GONE })],
    ],
  ],
  [
    "providers",
    [
      ...byView(PROVIDER_VIEWS, (view) => providers({ view })),
      ...byView(PROVIDER_STATES, (state) => providers({ state })),
      ...byView(SHOWN_PROVIDER_STATES, (shownState) => providers({ shownState })),
      ...bySort(CLOUD_PROVIDER_SORTS, (sort) => providers({ sort })),
      ["a cloud", () => providers({ cloud: "china" })],
      ...byView(EXPIRY_KINDS, (expires) => providers({ expires, ...NEXT_DAYS })),
      ["a service that none has", () => providers({ service: "google" })],
      ["a search for who signed in", () => providers({ search: "1999@contoso" })],
      ["the counts", () => countProviderViews(ada)],
      ["the counts within a search", () => countProviderViews(ada, "1999@contoso")],
      ["the counts in a cloud", () => countProviderViews(ada, "", { cloud: "china" })],
      ["the counts of what ends", () => countProviderViews(ada, "", NEXT_DAYS)],
    ],
  ],
  [
    "contacts",
    [
      ...byView(CONTACT_VIEWS, (view) => contacts({ view })),
      ...bySort(CONTACT_SORTS, (sort) => contacts({ sort })),
      ["the second page of the Lists", () => secondPage("list")],
      ["the second page of the sources", () => secondPage("source")],
      [
        "a List by source",
        async () => contacts({ sort: "source", contactListId: await idOf("ContactList") }),
      ],
      ["a List", async () => contacts({ contactListId: await idOf("ContactList") })],
      ["the counts", () => countContactViews(ada)],
      ["the counts within a search", () => countContactViews(ada, { search: "1999" })],
      [
        "the counts of an account",
        async () => countContactViews(ada, { emailAccountId: await idOf("EmailAccount") }),
      ],
    ],
  ],
  [
    "accounts with a password",
    [
      ...byView(MIGRATION_VIEWS, (view) => migration({ view })),
      ...bySort(MIGRATION_SORTS, (sort) => migration({ sort })),
      ["the counts", () => countMigrationViews(ada)],
      ["the counts within a search", () => countMigrationViews(ada, "1999")],
    ],
  ],
  [
    "API keys",
    [
      ...byView(API_KEY_VIEWS, (view) => keys({ view })),
      ...bySort(
        API_KEY_SORTS.filter((sort) => !["key", "permissions", "accounts"].includes(sort)),
        (sort) => keys({ sort }),
      ),
      ["the counts", () => countApiKeyViews(ada)],
    ],
  ],
  [
    "devices",
    [
      ...byView(DEVICE_VIEWS, (view) => devices({ view })),
      ...bySort(DEVICE_SORTS, (sort) => devices({ sort })),
      ...bySort(DEVICE_SORTS, (sort) => devices({ sort, view: "revoked" })),
      ...bySort(DEVICE_SORTS, (sort) => devices({ sort, direction: "desc" })),
      ["a search", () => devices({ search: "1999" })],
      ["a search in a view of many", () => devices({ search: "contoso", view: "revoked" })],
      ["a search for an account", () => devices({ search: "1999@contoso" })],
      ["the counts", () => countDeviceViews(ada)],
      ["the counts within a search", () => countDeviceViews(ada, "1999")],
      ["the counts within a search that all have", () => countDeviceViews(ada, "contoso")],
      ["an account", async () => devices({ emailAccountId: await idOf("EmailAccount") })],
    ],
  ],
  [
    "incidents",
    [
      ...byView(INCIDENT_STATES, (state) => incidents({ state })),
      ...bySort(INCIDENT_SORTS, (sort) => incidents({ sort })),
      ...bySort(INCIDENT_SORTS, (sort) => incidents({ sort, direction: "desc" })),
      ["a search", () => incidents({ search: "1999" })],
      ["a search for a title", () => incidents({ search: "refused the token" })],
      ["the counts", () => countIncidents(ada)],
      ["the counts within a search", () => countIncidents(ada, "1999")],
      ["what every page tells", () => readWarnings(ada)],
    ],
  ],
  [
    "events",
    [
      ["who", () => audit({ actor: "7" })],
      ["an action", () => audit({ action: "session.refuse" })],
      ["what was refused", () => audit({ result: "refused" })],
      ["a day", () => audit({ from: "2020-01-01", to: "2020-01-02" })],
      ["a search", () => audit({ search: "thing 1999" })],
    ],
  ],
])("at 20,000 rows the list of %s reads few of them", (_list, asked) => {
  test.each(asked)("for %s", async (_what, ask) => {
    expect(await mostRows(ask)).toBeLessThan(MOST_ROWS);
  });
});
