import { Text } from "@mantine/core";
import { AddressText } from "@/components/address-text";
import { Badge } from "@/components/badge";
import { ExpiryText } from "@/components/expiry-text";
import { LinkButton } from "@/components/links";
import { SectionPages } from "@/components/list-footer";
import { Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { pageAt, routes } from "@/components/routes";
import { RowLink, Table } from "@/components/table";
import classes from "@/components/table.module.css";
import { listDevicesOfAccount } from "@/lib/devices/queries";
import { DEVICE_STATES, type DeviceRow } from "@/lib/devices/schema";
import { readPosition } from "@/lib/kernel/sections/schema";
import type { Shown } from "../accounts/[emailAccountId]/shown";
import { DeviceMenu } from "./device-menu";

export async function AccountDevices({ actor, account, place }: Shown) {
  const position = readPosition(place.parameters, "devices");
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
        <Text c="dimmed">
          No devices yet. A scanner or program that knows only a password can use this account
          through one.
        </Text>
      ) : (
        <Table
          columns={["Name", "Protocols", "State", "Last used", "Messages", "Expires"]}
          hasActions
        >
          {devices.rows.map((device) => (
            <DeviceTableRow key={device.id} device={device} showsAccount={false} />
          ))}
        </Table>
      )}
      <SectionPages list={devices} place={place} section="devices" noun="device" />
    </Section>
  );
}

type DeviceTableRowProps = { device: DeviceRow; showsAccount?: boolean };

export function DeviceTableRow({ device, showsAccount = true }: DeviceTableRowProps) {
  return (
    <tr>
      <td>
        <RowLink href={routes.device(device.id)} look="name">
          {device.name}
        </RowLink>
        <span className={classes.second}>
          <span className={classes.code}>{device.prefix}…</span>
        </span>
        {device.makerNote && (
          <span className={classes.second}>
            Created by {device.createdByName} ({device.makerNote})
          </span>
        )}
      </td>
      {showsAccount && (
        <td data-label="Email account" className={classes.address}>
          <span>
            <RowLink href={routes.emailAccount(device.emailAccountId)}>
              {device.accountName}
            </RowLink>
            <span className={classes.second}>
              <AddressText address={device.emailAddress} />
            </span>
          </span>
        </td>
      )}
      <td data-label="Protocols" className={classes.fit}>
        {device.protocols.join(", ").toUpperCase()}
      </td>
      <td data-label="State">
        <span>
          <DeviceStateBadge device={device} />
          {device.revokedAt && (
            <span className={classes.second}>
              <RelativeTime at={device.revokedAt} />
              {device.revokedByName !== null && ` by ${device.revokedByName}`}
            </span>
          )}
        </span>
      </td>
      <td data-label="Last used" className={classes.fit}>
        <LastUsed device={device} />
      </td>
      <td data-label="Messages" className={classes.fit}>
        {device.messages.toLocaleString("en")}
      </td>
      <td data-label="Expires" className={classes.fit}>
        {device.expiresAt ? <ExpiryText at={device.expiresAt} /> : "–"}
      </td>
      <td className={classes.menu}>
        {!device.revokedAt && (
          <DeviceMenu id={device.id} name={device.name} isPaused={device.paused} />
        )}
      </td>
    </tr>
  );
}

function LastUsed({ device: { lastUsedAt, lastRefusedAt } }: { device: DeviceRow }) {
  const isRefused = lastRefusedAt && (!lastUsedAt || lastRefusedAt > lastUsedAt);
  return (
    <span>
      {lastUsedAt ? <RelativeTime at={lastUsedAt} /> : "never"}
      {isRefused && (
        <span className={classes.second}>
          Refused <RelativeTime at={lastRefusedAt} />
        </span>
      )}
    </span>
  );
}

const TINTS = {
  active: { tint: "teal", icon: "check" },
  paused: { tint: "gray", icon: "player-pause" },
  expired: { tint: "orange", icon: "alert-triangle" },
  account_inactive: { tint: "gray", icon: "player-pause" },
  revoked: { tint: "gray", icon: "x" },
} as const;

export function DeviceStateBadge({ device: { state } }: { device: Pick<DeviceRow, "state"> }) {
  return <Badge {...TINTS[state]}>{DEVICE_STATES[state]}</Badge>;
}
