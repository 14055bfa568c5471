import { Box } from "@mantine/core";
import { IconCloudKey } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { AddLink, ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { RemedyPanel } from "@/components/remedy-panel";
import { SearchField } from "@/components/search-field";
import { requireUser } from "@/lib/http/auth/session";
import type { Actor } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import { listHref, listParamsSchema, placeOf } from "@/lib/kernel/paging/schema";
import { listCloudProviders, listClouds } from "@/lib/registrations/queries";
import { CLOUD_PROVIDER_SORTS } from "@/lib/registrations/schema";
import { findRemedy } from "@/lib/remedies/catalogue";
import { findOutcome } from "@/lib/sign-ins/queries";
import { CloudProviderTable } from "../cloud-provider-table";

export const metadata: Metadata = { title: "Cloud Providers" };

const PATH = "/settings/cloud-providers";
const paramsSchema = listParamsSchema(CLOUD_PROVIDER_SORTS);

export default async function CloudProvidersPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const given = await searchParams;
  const params = paramsSchema.parse(given);
  const requestId = idSchema.safeParse(given.authorization).data;
  const { rows, ...page } = await listCloudProviders(actor, params);
  const isEmpty = rows.length === 0;
  return (
    <Page
      title="Cloud Providers"
      description="App registrations that sign mailboxes in."
      actions={
        isEmpty && params.search === "" ? undefined : <SearchField label="Search cloud providers" />
      }
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
      {isEmpty ? (
        <NoProviders search={params.search} />
      ) : (
        <CloudProviderTable rows={rows} clouds={listClouds(actor)} params={params} path={PATH} />
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
      <RemedyPanel remedy={findRemedy("callback.provider_deleted")} />
    </Box>
  );
}

function NoProviders({ search }: { search: string }) {
  const icon = <IconCloudKey size={40} stroke={1.3} />;
  if (search)
    return (
      <EmptyState icon={icon} title="Nothing found">
        No cloud provider has “{search}” in its name.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={icon}
      title="Register your first cloud provider"
      action={
        <LinkButton href={`${PATH}/new`} mt="md">
          New Cloud Provider
        </LinkButton>
      }
    >
      A cloud provider is an app registration at Microsoft. Mailboxes sign in through it, so no
      password has to be stored.
    </EmptyState>
  );
}
