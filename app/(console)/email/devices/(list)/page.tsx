import { IconPrinter } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { AddLink, ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { describeGateway, listDevices } from "@/lib/access/devices/queries";
import { requireUser } from "@/lib/http/auth/session";
import { readTurn, turnHref } from "@/lib/kernel/turns/schema";
import { DeviceTable } from "../device-table";
import { NoListeners } from "../no-listeners";

export const metadata: Metadata = { title: "Devices" };

const PATH = "/email/devices";

export default async function DevicesPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const parameters = await searchParams;
  const { rows, ...page } = await listDevices(actor, readTurn(parameters, "devices"));
  return (
    <Page
      title="Devices"
      description="Scanners and software that know only a user name and a password send and read mail through Postkey."
      footer={
        <ListFooter
          page={{ ...page, shown: rows.length }}
          hrefOf={(turn) => turnHref(PATH, parameters, { section: "devices", ...turn })}
          noun={{ one: "device", many: "devices" }}
          add={<AddLink href={`${PATH}/new`} label="New Device" />}
        />
      }
    >
      <NoListeners gateway={describeGateway(actor)} />
      {rows.length === 0 ? (
        <EmptyState icon={<IconPrinter size={40} stroke={1.3} />} title="No devices yet">
          Create one for each scanner or program. It gets a password of its own, which you can
          revoke at any time.
        </EmptyState>
      ) : (
        <DeviceTable devices={rows} />
      )}
    </Page>
  );
}
