import type { Route } from "next";
import { routes } from "@/components/routes";
import { searchRemedies } from "@/lib/checks/search-remedies";
import { searchContactLists } from "@/lib/contacts/lists/queries";
import { listDevices } from "@/lib/devices/queries";
import { searchEmailAccounts } from "@/lib/email-accounts/queries";
import { type Actor, can } from "@/lib/kernel/actor";
import { type Choice, type Choices, exactFirst } from "@/lib/kernel/choices/schema";
import { listAdministrators } from "@/lib/people/administrators/queries";
import { searchCloudProviders } from "@/lib/registrations/queries";
import { listOpenIncidents } from "@/lib/watch/incidents/queries";

/** So that each kind has room on one screen. */
const OF_EACH = 6;
/** Whose texts contain most words. */
const OF_ERRORS = 2;

/** Pages by their address, of what the actor may see. An exact name or address first. */
export async function searchEverything(actor: Actor, search: string): Promise<Choices> {
  const [accounts, providers, devices, lists, people, incidents] = await Promise.all([
    can(actor, "accounts:read") ? searchEmailAccounts(actor, search, "all") : NOTHING,
    can(actor, "providers:read") ? searchCloudProviders(actor, { search }) : NOTHING,
    can(actor, "devices:read")
      ? listDevices.open(actor, { search, sort: "name", direction: "asc" })
      : NOTHING,
    can(actor, "contacts:read") ? searchContactLists(actor, search) : NOTHING,
    can(actor, "administrators:read") ? listAdministrators.open(actor, { search }) : NOTHING,
    can(actor, "incidents:read") ? listOpenIncidents(actor, { search }) : NOTHING,
  ]);
  const kinds = [
    accounts.found.map((each) => found(routes.emailAccount, each, each.detail)),
    providers.found.map((each) => found(routes.cloudProvider, each, "Cloud provider")),
    devices.rows.map((each) => found(routes.device, each, "Device")),
    lists.found.map((each) => found(routes.contactList, each, "List")),
    people.rows.map((each) => found(routes.administrator, each, each.email)),
    incidents.rows.map((each) =>
      found(routes.incident, { id: each.id, name: each.title }, each.subject),
    ),
    searchRemedies(search)
      .slice(0, OF_ERRORS)
      .map(({ id, title: name }) => found(routes.remedy, { id, name }, id)),
  ];
  const shown = kinds.flatMap((ofKind) => exactFirst(ofKind, search).slice(0, OF_EACH));
  return {
    found: exactFirst(shown, search),
    hasMore: kinds.some(({ length }) => length > OF_EACH),
  };
}

const NOTHING = { found: [], rows: [] };

type Named = { id: string; name: string; key?: string };

function found(address: (id: string) => Route, { id, name, key }: Named, detail = ""): Choice {
  return { id: address(id), name, detail, ...(key && { key }) };
}
