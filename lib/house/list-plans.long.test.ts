import { countApiKeyViews, listApiKeys } from "@/lib/access/api-keys/queries";
import { API_KEY_SORTS, API_KEY_VIEWS } from "@/lib/access/api-keys/schema";
import { countDeviceViews, listDevices } from "@/lib/access/devices/list/queries";
import { DEVICE_SORTS, DEVICE_VIEWS } from "@/lib/access/devices/schema";
import { listAuditEvents } from "@/lib/audit/trail/queries";
import { auditParamsSchema } from "@/lib/audit/trail/schema";
import { countContactViews, listContacts } from "@/lib/contacts/queries";
import { CONTACT_SORTS, CONTACT_VIEWS } from "@/lib/contacts/schema";
import { DAY_MS } from "@/lib/kernel/clock";
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
import { forEach, idOf, testPlans } from "@/lib/testing/list-plans";
import { countIncidents, listIncidents } from "@/lib/watch/incidents/list/queries";
import { INCIDENT_SORTS, INCIDENT_STATES } from "@/lib/watch/incidents/schema";
import { readWarnings } from "@/lib/watch/warnings/queries";

const ada = administrator();
const dayIn = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
const NEXT_DAYS = { expiresFrom: dayIn(5), expiresTo: dayIn(12) };

const base = { search: "", direction: "asc" } as const;

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

testPlans("everything", {
  providers: [
    ...forEach("the view", PROVIDER_VIEWS, (view) => providers({ view })),
    ...forEach("state", PROVIDER_STATES, (state) => providers({ state })),
    ...forEach("shownState", SHOWN_PROVIDER_STATES, (shownState) => providers({ shownState })),
    ...forEach("sorted by", CLOUD_PROVIDER_SORTS, (sort) => providers({ sort })),
    ["a cloud", () => providers({ cloud: "china" })],
    ...forEach("expires", EXPIRY_KINDS, (expires) => providers({ expires, ...NEXT_DAYS })),
    ["a service that none has", () => providers({ service: "google" })],
    ["a search for who signed in", () => providers({ search: "1999@contoso" })],
    ["the counts", () => countProviderViews(ada)],
    ["the counts within a search", () => countProviderViews(ada, "1999@contoso")],
    ["the counts in a cloud", () => countProviderViews(ada, "", { cloud: "china" })],
    ["the counts of what ends", () => countProviderViews(ada, "", NEXT_DAYS)],
  ],
  contacts: [
    ...forEach("the view", CONTACT_VIEWS, (view) => contacts({ view })),
    ...forEach("sorted by", CONTACT_SORTS, (sort) => contacts({ sort })),
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
  "accounts with a password": [
    ...forEach("the view", MIGRATION_VIEWS, (view) => migration({ view })),
    ...forEach("sorted by", MIGRATION_SORTS, (sort) => migration({ sort })),
    ["the counts", () => countMigrationViews(ada)],
    ["the counts within a search", () => countMigrationViews(ada, "1999")],
  ],
  "API keys": [
    ...forEach("the view", API_KEY_VIEWS, (view) => keys({ view })),
    ...forEach(
      "sorted by",
      API_KEY_SORTS.filter((sort) => !["key", "permissions", "accounts"].includes(sort)),
      (sort) => keys({ sort }),
    ),
    ["the counts", () => countApiKeyViews(ada)],
  ],
  devices: [
    ...forEach("the view", DEVICE_VIEWS, (view) => devices({ view })),
    ...forEach("sorted by", DEVICE_SORTS, (sort) => devices({ sort })),
    ...forEach("sorted by", DEVICE_SORTS, (sort) => devices({ sort, view: "revoked" })),
    ...forEach("sorted by", DEVICE_SORTS, (sort) => devices({ sort, direction: "desc" })),
    ["a search", () => devices({ search: "1999" })],
    ["a search in a view of many", () => devices({ search: "contoso", view: "revoked" })],
    ["a search for an account", () => devices({ search: "1999@contoso" })],
    ["the counts", () => countDeviceViews(ada)],
    ["the counts within a search", () => countDeviceViews(ada, "1999")],
    ["the counts within a search that all have", () => countDeviceViews(ada, "contoso")],
    ["an account", async () => devices({ emailAccountId: await idOf("EmailAccount") })],
  ],
  incidents: [
    ...forEach("state", INCIDENT_STATES, (state) => incidents({ state })),
    ...forEach("sorted by", INCIDENT_SORTS, (sort) => incidents({ sort })),
    ...forEach("sorted by", INCIDENT_SORTS, (sort) => incidents({ sort, direction: "desc" })),
    ["a search", () => incidents({ search: "1999" })],
    ["a search for a title", () => incidents({ search: "refused the token" })],
    ["the counts", () => countIncidents(ada)],
    ["the counts within a search", () => countIncidents(ada, "1999")],
    ["what every page tells", () => readWarnings(ada)],
  ],
  events: [
    ["who", () => audit({ actor: "7" })],
    ["an action", () => audit({ action: "session.refuse" })],
    ["what was refused", () => audit({ result: "refused" })],
    ["a day", () => audit({ from: "2020-01-01", to: "2020-01-02" })],
    ["a search", () => audit({ search: "thing 1999" })],
  ],
});
