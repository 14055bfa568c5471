import { beforeAll, describe, expect, test } from "vitest";
import { listTestRuns } from "@/lib/checks/runs/queries";
import { listContactLists } from "@/lib/contacts/lists/queries";
import { listContacts } from "@/lib/contacts/queries";
import { listDevices } from "@/lib/devices/queries";
import { pool } from "@/lib/kernel/db";
import { listPasswordAccounts } from "@/lib/migration/queries";
import { listAdministrators } from "@/lib/people/administrators/queries";
import { listApiKeys } from "@/lib/programs/queries";
import { listSignInLinks } from "@/lib/sign-ins/links/queries";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { type AnyList, walkList } from "@/lib/testing/walk-list";
import { listAlertChannels } from "@/lib/watch/alerts/queries";

withDatabase();
const ada = administrator();
const ROWS = 12;
const EACH = `generate_series(1, ${ROWS}) n`;

/** Of each kind some, and some that are alike in all but the id. */
const SEED = [
  `INSERT INTO "ContactList" (id, name, "nameKey") SELECT gen_random_uuid(), 'List ' || n, 'list ' || n FROM ${EACH}`,
  `INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey", service, active,
     "modernAuthentication", username, "usernameKey", "imapVerdict", "contactListId")
   SELECT gen_random_uuid(), n, n, n, n, n, n, CASE WHEN n % 4 = 0 THEN 'custom' ELSE 'outlook365' END, n % 3 <> 0,
     FALSE, n, n, CASE WHEN n % 5 = 0 THEN 'failed' ELSE 'ok' END,
     CASE WHEN n < 4 THEN (SELECT id FROM "ContactList" WHERE name = 'List 1') END FROM ${EACH}`,
  `INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name, "firstSeenAt")
   SELECT gen_random_uuid(), (SELECT id FROM "ContactList" WHERE name = 'List ' || 1 + n % 3), n, n,
     CASE WHEN n % 2 = 0 THEN '' ELSE 'Same' END, CASE WHEN n % 3 = 0 THEN NULL ELSE now() END FROM ${EACH}`,
  `INSERT INTO "ApiKey" (id, name, "keyHash", hint, permissions, "createdByName", "lastUsedAt", "expiresAt")
   SELECT gen_random_uuid(), 'Same', n, 'abc', '{accounts:read}', 'Ada', CASE WHEN n % 2 = 0 THEN now() END,
     CASE n % 3 WHEN 0 THEN now() - interval '1 day' WHEN 1 THEN now() + interval '1 day' END FROM ${EACH}`,
  `INSERT INTO "Device" (id, name, "nameKey", "emailAccountId", prefix, "passwordHash", protocols, "createdByName", paused,
     "lastUsedAt", "lastRefusedAt", "expiresAt")
   SELECT gen_random_uuid(), 'Same', 'same', (SELECT id FROM "EmailAccount" WHERE name = CASE WHEN n < 3 THEN '3' ELSE '1' END), n, n,
     CASE WHEN n % 2 = 0 THEN '{smtp}'::text[] ELSE '{imap,smtp}' END, 'Ada', n % 4 = 0, CASE WHEN n % 2 = 0 THEN now() END, CASE WHEN n % 5 = 0 THEN now() END,
     CASE n % 3 WHEN 0 THEN now() - interval '1 day' WHEN 1 THEN now() + interval '1 day' END FROM ${EACH}`,
  // Beside the others: a list without a view leaves them out.
  `INSERT INTO "Device" (id, name, "nameKey", "emailAccountId", prefix, "passwordHash", protocols, "createdByName", "revokedAt")
   SELECT gen_random_uuid(), 'Same', 'same', (SELECT id FROM "EmailAccount" WHERE name = '1'), -n, n, '{smtp}', 'Ada',
     now() FROM generate_series(1, 3) n`,
  `INSERT INTO "Administrator" (id, name, email, "passwordHash", "disabledAt")
   SELECT gen_random_uuid(), 'Same', n || '@contoso.test', 'x', CASE WHEN n % 3 = 0 THEN now() END FROM ${EACH}`,
  `INSERT INTO "Authenticator" ("administratorId", "secretSealed", "confirmedAt")
   SELECT id, 'x', now() FROM "Administrator" WHERE email < '3'`,
  `INSERT INTO "Passkey" (id, "administratorId", name, "credentialId", "publicKey", counter, transports, "deviceType", "isBackedUp",
     aaguid, "rpId") SELECT gen_random_uuid(), id, 'Key', id::text, '', 0, '{}', '', FALSE, '', '' FROM "Administrator"
   WHERE email > '6'`,
  `INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri")
   SELECT gen_random_uuid(), 'Tenant ' || n, 'tenant ' || n, n, n, 'https://postkey.test/' FROM generate_series(1, 3) n`,
  // Two waiting ones after one of each other state.
  `INSERT INTO "SignInLink" (id, "cloudProviderId", username, "usernameKey", "tokenHash", "createdByName", "expiresAt",
     "openedAt", "signedInAt", "failureId", "failedAt")
   SELECT gen_random_uuid(), (SELECT id FROM "CloudProvider" WHERE name = 'Tenant ' || 1 + n % 3), n, n, n, 'Ada',
     now() + CASE WHEN n % 6 = 1 THEN -1 ELSE 1 END * interval '1 day', CASE WHEN n % 6 IN (2, 3) THEN now() END,
     CASE WHEN n % 6 = 0 THEN now() END, CASE WHEN n % 6 = 2 THEN 'AADSTS50126' END,
     CASE WHEN n % 6 = 2 THEN now() END FROM ${EACH}`,
  `INSERT INTO "Letter" (id, kind, "tokenHash", recipient, "recipientKey", subject, state, "dueAt", "expiresAt")
   SELECT gen_random_uuid(), 'sign_in_link', n, n, n, '', CASE n % 6 WHEN 2 THEN 'sent' WHEN 3 THEN 'waiting' ELSE 'failed'
     END, now(), now() FROM ${EACH} WHERE n % 6 IN (2, 3, 4)`,
  `UPDATE "ApiKey" SET "createdById" = (SELECT id FROM "Administrator" WHERE "disabledAt" IS NOT NULL LIMIT 1)
   WHERE "keyHash"::int % 4 = 0`,
  `UPDATE "Device" SET "createdById" = (SELECT id FROM "Administrator" WHERE "disabledAt" IS NOT NULL LIMIT 1)
   WHERE prefix::int % 4 = 0`,
  `INSERT INTO "AlertChannel" (id, kind, name, "nameKey", enabled, target, "createdByName", "lastDeliveredAt",
     "failingSince")
   SELECT gen_random_uuid(), 'webhook', n, n, n % 4 <> 0, '{"kind": "webhook", "origin": "https://same.test"}', 'Ada',
     CASE WHEN n % 3 = 0 THEN now() END, CASE WHEN n % 5 = 0 THEN now() END FROM ${EACH}`,
  `INSERT INTO "TestRun" (id, "startedByName", total, parallelism, "cancelledAt", "finishedAt")
   SELECT gen_random_uuid(), 'Ada', 1, 1, CASE WHEN n % 4 = 0 THEN now() END, CASE WHEN n % 2 = 0 THEN now() END
   FROM ${EACH}`,
  `INSERT INTO "TestRunItem" ("testRunId", "emailAccountId", state)
   SELECT id, gen_random_uuid(), CASE WHEN row_number() OVER () % 3 = 0 THEN 'failed' ELSE 'ok' END FROM "TestRun"`,
];

beforeAll(async () => {
  for (const statement of SEED) await pool().query(statement);
});

const idOf = async (table: string) =>
  (await pool().query(`SELECT id FROM "${table}" ORDER BY name LIMIT 1`)).rows[0]?.id;

/** A filter beside the views, and its value for some of the rows or for none. */
type Narrowed = { name: string; value: string | (() => Promise<string>) };

const LISTS: { name: string; list: AnyList; narrowed?: Narrowed }[] = [
  {
    name: "sign-in links",
    list: listSignInLinks,
    narrowed: { name: "cloudProviderId", value: () => idOf("CloudProvider") },
  },
  { name: "Lists", list: listContactLists },
  {
    name: "contacts",
    list: listContacts,
    narrowed: { name: "contactListId", value: () => idOf("ContactList") },
  },
  {
    name: "accounts with a password",
    list: listPasswordAccounts,
    narrowed: { name: "service", value: "custom" },
  },
  { name: "API keys", list: listApiKeys },
  { name: "devices", list: listDevices, narrowed: { name: "protocol", value: "imap" } },
  {
    name: "administrators",
    list: listAdministrators,
    narrowed: { name: "factors", value: "with" },
  },
  { name: "alert channels", list: listAlertChannels, narrowed: { name: "kind", value: "smtp" } },
  { name: "test runs", list: listTestRuns },
];

describe.each(LISTS)("the list of $name", ({ list }) => {
  test("says how many each view shows, and shows as many", async () => {
    const counts = await list.counts(ada);
    expect(counts.map(({ view }) => view)).toEqual(list.viewNames);
    for (const { view, count: told } of counts) {
      const { rows, total } = await list(ada, { view });
      expect([view, rows.length, total.count]).toEqual([view, told, told]);
      expect([view, told > 0 && told < ROWS]).toEqual([view, true]);
    }
  });

  test.each(list.sortNames)(
    "sorted by %s has each row on one page, in both directions",
    async (sort) => {
      const forwards = await walkList(list, sort, "asc");
      expect(new Set(forwards).size).toBe(ROWS);
      expect(await walkList(list, sort, "desc")).toEqual(forwards.reverse());
    },
  );
});

const NARROWED = LISTS.flatMap(({ narrowed, ...list }) =>
  narrowed ? [{ ...list, narrowed }] : [],
);

describe.each(NARROWED)("the list of $name", ({ list, narrowed }) => {
  test("says how many each view shows of what a filter leaves", async () => {
    const { name, value } = narrowed;
    const filters = { [name]: typeof value === "string" ? value : await value() };
    const left = await list.counts(ada, filters);
    expect(left).not.toEqual(await list.counts(ada));
    for (const { view, count: told } of left)
      expect([view, (await list(ada, { ...filters, view })).total.count]).toEqual([view, told]);
  });
});
