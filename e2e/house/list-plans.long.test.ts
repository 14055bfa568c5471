import { listAuditEvents } from "@/lib/audit/trail/queries";
import { auditParamsSchema } from "@/lib/audit/trail/schema";
import { listContacts } from "@/lib/contacts/queries";
import { listDevices } from "@/lib/devices/queries";
import { DAY_MS } from "@/lib/kernel/clock";
import type { List } from "@/lib/kernel/paging/list";
import { listPasswordAccounts } from "@/lib/migration/queries";
import { listCloudProviders } from "@/lib/registrations/queries";
import { EXPIRY_KINDS, PROVIDER_STATES, SHOWN_PROVIDER_STATES } from "@/lib/registrations/schema";
import { administrator } from "@/lib/testing/actors";
import { forEach, idOf, testPlans } from "@/lib/testing/list-plans";
import { listIncidents } from "@/lib/watch/incidents/list/queries";
import { readWarnings } from "@/lib/watch/warnings/queries";

const ada = administrator();
const dayIn = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
const NEXT_DAYS = { expiresFrom: dayIn(5), expiresTo: dayIn(12) };

// biome-ignore lint/suspicious/noExplicitAny: of any list
type AnyList = List<any, any, any, any>;

const providers = (params: object) => listCloudProviders(ada, params);
const contacts = (params: object) => listContacts(ada, params);
const audit = (params: object) => listAuditEvents(ada, auditParamsSchema.parse(params));
const incidents = (params: object) => listIncidents(ada, params);
const devices = (params: object) => listDevices(ada, params);

/** Each view and each order, with the counts of the views. */
const everyWay = (list: AnyList) => [
  ...forEach("the view", list.viewNames, (view) => list(ada, { view })),
  ...forEach("sorted by", list.sortNames, (sort) => list(ada, { sort, direction: "asc" })),
  ...forEach("backwards by", list.sortNames, (sort) => list(ada, { sort, direction: "desc" })),
];

testPlans("everything", {
  providers: [
    ...everyWay(listCloudProviders),
    ...forEach("state", PROVIDER_STATES, (state) => providers({ state })),
    ...forEach("shownState", SHOWN_PROVIDER_STATES, (shownState) => providers({ shownState })),
    ["a cloud", () => providers({ cloud: "china" })],
    ...forEach("expires", EXPIRY_KINDS, (expires) => providers({ expires, ...NEXT_DAYS })),
    ["a service that none has", () => providers({ service: "google" })],
    ["a search for who signed in", () => providers({ search: "1999@contoso" })],
  ],
  contacts: [
    ...everyWay(listContacts),
    ["a List", async () => contacts({ contactListId: await idOf("ContactList") })],
    ["a search", () => contacts({ search: "1999" })],
    ["an account", async () => contacts({ emailAccountId: await idOf("EmailAccount") })],
  ],
  "accounts with a password": [
    ...everyWay(listPasswordAccounts),
    ["a search", () => listPasswordAccounts(ada, { search: "1999" })],
  ],
  devices: [
    ...everyWay(listDevices),
    ["a search", () => devices({ search: "1999" })],
    ["a search in a view of many", () => devices({ search: "contoso", view: "revoked" })],
    ["a search for an account", () => devices({ search: "1999@contoso" })],
    ["an account", async () => devices({ emailAccountId: await idOf("EmailAccount") })],
  ],
  incidents: [
    ...everyWay(listIncidents),
    ["a search", () => incidents({ search: "1999" })],
    ["a search for a title", () => incidents({ search: "refused the token" })],
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
