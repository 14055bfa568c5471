import { Box, Text } from "@mantine/core";
import { IconCloudKey } from "@tabler/icons-react";
import { stateLabel } from "@/components/badge";
import { CanOpen } from "@/components/can";
import { dayText } from "@/components/day";
import { LinkButton } from "@/components/links";
import type { ChosenFilter } from "@/components/list-filters";
import { AddLink } from "@/components/list-footer";
import { EmptyState, ListPage } from "@/components/list-page";
import { RemedyPanel } from "@/components/remedy-panel";
import { requireUser } from "@/lib/http/auth/session";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import { PLATFORM_NAMES, PLATFORMS } from "@/lib/oauth/platforms/schema";
import { isByItself, PLATFORM_TABLE } from "@/lib/oauth/schema";
import { listCloudProviders, listClouds, withShownState } from "@/lib/registrations/queries";
import type { CloudProviderRow } from "@/lib/registrations/rows/schema";
import {
  type CloudChoice,
  type CloudProviderFilters as Filters,
  SHOWN_PROVIDER_STATES,
} from "@/lib/registrations/schema";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { findOutcome } from "@/lib/sign-ins/queries";
import { isOverAtPlatform } from "../[cloudProviderId]/credential-expiry";
import { CloudProviderRows, type ShownProvider } from "../cloud-provider-menu";

const PATH = "/settings/cloud-providers";

export default async function CloudProvidersPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const query = await searchParams;
  const clouds = listClouds(actor);
  const list = await listCloudProviders.open(actor, query);
  const requestId = idSchema.safeParse(query.authorization).data;
  const { search } = list.params;
  return (
    <ListPage
      list={list}
      path={PATH}
      title="Cloud Providers"
      description="App registrations that sign mailboxes in."
      noun={{ one: "provider", many: "providers" }}
      search="Search cloud providers"
      add={<AddLink href={`${PATH}/new`} label="New Cloud Provider" />}
      above={requestId && <DeletedMeanwhile actor={actor} requestId={requestId} />}
      filters={[
        ...FILTERS,
        {
          name: "cloud",
          label: "Cloud",
          all: "All clouds",
          options: Object.fromEntries(clouds.map(({ id, label }) => [id, label])),
        },
      ]}
      chosen={ending(list.params)}
      always={["attention"]}
      empty={NO_PROVIDERS}
      nothing={
        search && `No provider in this view has “${search}” in its name, client ID or user names.`
      }
      columns={[
        ["Name", "name"],
        ["Status", "state"],
        "Signed in",
        ["Accounts", "accounts"],
        ["Secret expires", "secretExpires"],
      ]}
      rows={(rows) => <CloudProviderRows rows={rows.map((row) => toShown(row, clouds))} />}
    />
  );
}

async function DeletedMeanwhile({ actor, requestId }: { actor: Actor; requestId: string }) {
  const outcome = await findOutcome(actor, requestId);
  if (!outcome) return null;
  return (
    <Box mb="md">
      <RemedyPanel remedy={fillRemedy(findRemedy("callback.provider_deleted"), {})} />
    </Box>
  );
}

const NO_PROVIDERS = (
  <EmptyState
    icon={IconCloudKey}
    title="Register your first cloud provider"
    action={
      <CanOpen
        href={`${PATH}/new`}
        otherwise={<Text mt="md">Ask an administrator to register it.</Text>}
      >
        <LinkButton href={`${PATH}/new`} mt="md">
          New Cloud Provider
        </LinkButton>
      </CanOpen>
    }
  >
    A cloud provider is an app registration at {PLATFORM_NAMES}. Mailboxes sign in through it, so no
    password has to be stored.
  </EmptyState>
);

function toShown(row: CloudProviderRow, clouds: CloudChoice[]): ShownProvider {
  const cloudLabel = clouds.find(({ id }) => id === row.cloud)?.label ?? row.cloud;
  const overAt = isOverAtPlatform(row) ? PLATFORMS[row.service].brand : null;
  return { ...withShownState(row), cloudLabel, isByItself: isByItself(row.grant), overAt };
}

const FILTERS = [
  {
    name: "shownState",
    label: "Status",
    all: "All states",
    options: Object.fromEntries(SHOWN_PROVIDER_STATES.map((state) => [state, stateLabel(state)])),
  },
  {
    name: "service",
    label: "Service",
    all: "All services",
    options: Object.fromEntries(
      Object.entries(PLATFORM_TABLE).map(([id, { label }]) => [id, label]),
    ),
  },
];

const ENDING = {
  secret: "Secret expires",
  certificate: "Certificate expires",
  replacement: "Credential to be replaced",
  sign_in: "Sign-ins end",
} as const;

function ending({ expires, expiresFrom, expiresTo }: Filters): ChosenFilter[] {
  const day = (text: string) => dayText(new Date(text));
  return [
    ...(expires ? [{ name: "expires", label: ENDING[expires] }] : []),
    ...(expiresFrom ? [{ name: "expiresFrom", label: `From ${day(expiresFrom)}` }] : []),
    ...(expiresTo ? [{ name: "expiresTo", label: `Until ${day(expiresTo)}` }] : []),
  ];
}
