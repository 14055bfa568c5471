import "server-only";
import { routes } from "@/components/routes";
import { searchRemedies } from "@/lib/checks/search-remedies";
import { searchContactLists } from "@/lib/contacts/lists/queries";
import { listDevices } from "@/lib/devices/list/queries";
import { searchEmailAccounts } from "@/lib/email-accounts/queries";
import { type Actor, can } from "@/lib/kernel/actor";
import { type Choice, type Choices, isNamed } from "@/lib/kernel/choices/schema";
import type { Permission } from "@/lib/kernel/permissions/schema";
import { listAdministrators } from "@/lib/people/administrators/queries";
import { searchCloudProviders } from "@/lib/registrations/queries";

/** So that each kind has room on one screen. */
const OF_EACH = 6;

type Kind = {
  permission: Permission;
  find: (actor: Actor, search: string) => Promise<Choice[]>;
};

const KINDS: readonly Kind[] = [
  {
    permission: "accounts:read",
    find: async (actor, search) =>
      (await searchEmailAccounts(actor, search)).found.map(({ id, name, detail = "" }) => ({
        id: routes.emailAccount(id),
        name,
        detail,
      })),
  },
  {
    permission: "providers:read",
    find: async (actor, search) =>
      (await searchCloudProviders(actor, { search })).found.map(({ id, name }) => ({
        id: routes.cloudProvider(id),
        name,
        detail: "Cloud provider",
      })),
  },
  {
    permission: "devices:read",
    find: async (actor, search) =>
      (await listDevices.open(actor, { search })).rows.map(({ id, name }) => ({
        id: routes.device(id),
        name,
        detail: "Device",
      })),
  },
  {
    permission: "contacts:read",
    find: async (actor, search) =>
      (await searchContactLists(actor, search)).found.map(({ id, name }) => ({
        id: routes.contactList(id),
        name,
        detail: "List",
      })),
  },
  {
    permission: "administrators:read",
    find: async (actor, search) =>
      (await listAdministrators.open(actor, { search })).rows.map(({ id, name, email }) => ({
        id: routes.administrator(id),
        name,
        detail: email,
      })),
  },
  {
    permission: "accounts:read",
    find: async (_actor, search) =>
      searchRemedies(search).map(({ id, title }) => ({
        id: routes.remedy(id),
        name: title,
        detail: id,
      })),
  },
];

/** Of what the actor may see. An exact name or address first. */
export async function searchEverything(actor: Actor, search: string): Promise<Choices> {
  const kinds = KINDS.filter(({ permission }) => can(actor, permission));
  const ofKinds = await Promise.all(kinds.map(({ find }) => find(actor, search)));
  const found = ofKinds
    .flatMap((ofKind) => ofKind.slice(0, OF_EACH))
    .sort((one, other) => Number(isNamed(other, search)) - Number(isNamed(one, search)));
  return { found, hasMore: ofKinds.some(({ length }) => length > OF_EACH) };
}
