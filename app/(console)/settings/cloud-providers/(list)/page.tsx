import { Box, Text } from "@mantine/core";
import { IconCloudKey } from "@tabler/icons-react";
import type { Metadata } from "next";
import { z } from "zod";
import { CanOpen } from "@/components/can";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { AddLink, ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { RemedyPanel } from "@/components/remedy-panel";
import { SearchField } from "@/components/search-field";
import { UnknownFilters } from "@/components/unknown-filters";
import { requireUser } from "@/lib/http/auth/session";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import { listHref, listParamsSchema, placeOf, readFilters } from "@/lib/kernel/paging/schema";
import { PLATFORM_NAMES } from "@/lib/oauth/platforms/schema";
import { countProviderViews } from "@/lib/registrations/filters/queries";
import { cloudProviderFilterSchema } from "@/lib/registrations/filters/schema";
import { listCloudProviders, listClouds } from "@/lib/registrations/queries";
import { CLOUD_PROVIDER_SORTS, type CloudChoice } from "@/lib/registrations/schema";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { findOutcome } from "@/lib/sign-ins/queries";
import { CloudProviderFilters } from "../cloud-provider-filters";
import { CloudProviderTable } from "../cloud-provider-table";

export const metadata: Metadata = { title: "Cloud Providers" };

const PATH = "/settings/cloud-providers";
const paramsSchema = listParamsSchema(CLOUD_PROVIDER_SORTS);

export default async function CloudProvidersPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const given = await searchParams;
  const clouds = listClouds(actor);
  const known = cloudProviderFilterSchema
    .omit({ state: true })
    .extend({ cloud: cloudSchema(clouds) });
  const { filters, unknown } = readFilters(known, given);
  const params = { ...paramsSchema.parse(given), ...filters };
  const requestId = idSchema.safeParse(given.authorization).data;
  const [{ rows, ...page }, counts] = await Promise.all([
    listCloudProviders(actor, params),
    countProviderViews(actor, params.search, filters),
  ]);
  const isNarrowed = params.search !== "" || Object.values(filters).some(Boolean);
  const isNew = rows.length === 0 && !isNarrowed;
  return (
    <Page
      title="Cloud Providers"
      description="App registrations that sign mailboxes in."
      actions={isNew ? undefined : <SearchField label="Search cloud providers" />}
      footer={
        <ListFooter
          page={{ ...page, ...placeOf(params), shown: rows.length }}
          hrefOf={(cursor) => listHref(PATH, params, cursor)}
          noun={{ one: "provider", many: "providers" }}
          add={<AddLink href={`${PATH}/new`} label="New Cloud Provider" />}
        />
      }
    >
      {requestId && <DeletedMeanwhile actor={actor} requestId={requestId} />}
      <UnknownFilters unknown={unknown} noun="providers" />
      {!isNew && (
        <CloudProviderFilters path={PATH} params={params} counts={counts} clouds={clouds} />
      )}
      {rows.length === 0 ? (
        <NoProviders isNew={isNew} search={params.search} />
      ) : (
        <CloudProviderTable rows={rows} clouds={clouds} params={params} path={PATH} />
      )}
    </Page>
  );
}

/** Where a sign-in ends when its provider has been deleted meanwhile. */
async function DeletedMeanwhile({ actor, requestId }: { actor: Actor; requestId: string }) {
  const outcome = await findOutcome(actor, requestId);
  if (!outcome) return null;
  return (
    <Box mb="md">
      <RemedyPanel remedy={fillRemedy(findRemedy("callback.provider_deleted"), {})} />
    </Box>
  );
}

const cloudSchema = (clouds: CloudChoice[]) => z.enum(clouds.map(({ id }) => id)).optional();

function NoProviders({ isNew, search }: { isNew: boolean; search: string }) {
  const icon = <IconCloudKey size={40} stroke={1.3} />;
  if (!isNew)
    return (
      <NothingFound href={PATH} all="Show all providers">
        {search
          ? `No provider in this view has “${search}” in its name, client ID or user names.`
          : "No provider is in this view."}
      </NothingFound>
    );
  return (
    <EmptyState
      icon={icon}
      title="Register your first cloud provider"
      action={
        <CanOpen
          href={`${PATH}/new`}
          otherwise={
            <Text size="sm" mt="md">
              Ask an administrator to register it.
            </Text>
          }
        >
          <LinkButton href={`${PATH}/new`} mt="md">
            New Cloud Provider
          </LinkButton>
        </CanOpen>
      }
    >
      A cloud provider is an app registration at {PLATFORM_NAMES}. Mailboxes sign in through it, so
      no password has to be stored.
    </EmptyState>
  );
}
