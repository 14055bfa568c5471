import { Text } from "@mantine/core";
import { LinkButton } from "@/components/links";
import { SectionPages } from "@/components/list-footer";
import { pageAt, routes } from "@/components/routes";
import { Section } from "@/components/section";
import { listDevicesOfAccount } from "@/lib/devices/queries";
import type { Actor } from "@/lib/kernel/actor";
import { type PageParameters, readPosition } from "@/lib/kernel/sections/schema";
import { DeviceTable } from "./device-table";

type AccountDevicesProps = { actor: Actor; account: { id: string }; parameters: PageParameters };

export async function AccountDevices({ actor, account, parameters }: AccountDevicesProps) {
  const position = readPosition(parameters, "devices");
  const devices = await listDevicesOfAccount(actor, { emailAccountId: account.id, ...position });
  return (
    <Section
      title="Devices"
      aside={
        <LinkButton
          href={pageAt(`${routes.devices}/new?account=${account.id}`)}
          variant="default"
          size="compact-sm"
        >
          New device
        </LinkButton>
      }
    >
      {devices.rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          No devices yet. A scanner or program that knows only a password can use this account
          through one.
        </Text>
      ) : (
        <DeviceTable devices={devices.rows} />
      )}
      <SectionPages
        list={devices}
        path={routes.emailAccount(account.id)}
        parameters={parameters}
        section="devices"
        noun={{ one: "device", many: "devices" }}
      />
    </Section>
  );
}
