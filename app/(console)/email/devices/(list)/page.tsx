import { Group } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { AddLink, ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { pageAt } from "@/components/routes";
import { SearchField } from "@/components/search-field";
import { UnknownFilters } from "@/components/unknown-filters";
import { listGateways } from "@/lib/access/devices/gateways/queries";
import { countDeviceViews, listDevices } from "@/lib/access/devices/list/queries";
import { describeGateway } from "@/lib/access/devices/queries";
import { DEVICE_SORTS, deviceFilterSchema } from "@/lib/access/devices/schema";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { requireUser } from "@/lib/http/auth/session";
import { listHref, listParamsSchema, placeOf, readFilters } from "@/lib/kernel/paging/schema";
import { DeviceFilters } from "../device-filters";
import { DeviceTable } from "../device-table";
import { Gateways } from "../gateways";
import { NoListeners } from "../no-listeners";

export const metadata: Metadata = { title: "Devices" };

const PATH = "/email/devices";
const paramsSchema = listParamsSchema(DEVICE_SORTS, { direction: "desc" });

export default async function DevicesPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const query = await searchParams;
  const { filters, unknown } = readFilters(deviceFilterSchema, query);
  const params = { ...paramsSchema.parse(query), ...filters };
  const { emailAccountId } = filters;
  const [{ rows, ...page }, counts, account, gateways] = await Promise.all([
    listDevices(actor, params),
    countDeviceViews(actor, params.search, filters),
    emailAccountId ? findEmailAccount(actor, emailAccountId) : null,
    listGateways(actor),
  ]);
  const isNarrowed = params.search !== "" || Object.values(filters).some(Boolean);
  const isNew = rows.length === 0 && !isNarrowed && counts.every(({ count }) => count === 0);
  return (
    <Page
      title="Devices"
      description="Scanners and software that know only a user name and a password send and read mail through Postkey."
      actions={
        <Group gap="xs">
          {!isNew && <SearchField label="Search devices" />}
          <LinkButton href={pageAt(`${PATH}/import`)} variant="default">
            Import
          </LinkButton>
        </Group>
      }
      footer={
        <ListFooter
          page={{ ...page, ...placeOf(params), shown: rows.length }}
          hrefOf={(cursor) => listHref(PATH, params, cursor)}
          noun={{ one: "device", many: "devices" }}
          add={<AddLink href={`${PATH}/new`} label="New Device" />}
        />
      }
    >
      <NoListeners gateway={describeGateway(actor)} />
      <UnknownFilters unknown={unknown} noun="devices" />
      {!isNew && (
        <DeviceFilters path={PATH} params={params} counts={counts} accountName={account?.name} />
      )}
      {isNew && <NoDevices />}
      {!isNew && rows.length === 0 && (
        <NothingFound href={PATH} all="Show all devices">
          {isNarrowed ? "No device is in this view." : "All devices are revoked."}
        </NothingFound>
      )}
      {rows.length > 0 && <DeviceTable devices={rows} sorting={{ path: PATH, params }} />}
      <Gateways gateways={gateways} />
    </Page>
  );
}

function NoDevices() {
  return (
    <EmptyState
      icon={<IconPrinter size={40} stroke={1.3} />}
      title="No devices yet"
      action={
        <LinkButton href={`${PATH}/new`} mt="md" variant="default">
          New Device
        </LinkButton>
      }
    >
      Create one for each scanner or program. It gets a password of its own, which you can revoke at
      any time.
    </EmptyState>
  );
}
