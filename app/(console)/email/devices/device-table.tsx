import { AddressText } from "@/components/address-text";
import { Badge } from "@/components/badge";
import { ExpiryText } from "@/components/expiry-text";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { SortHeader } from "@/components/sort-header";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import { DEVICE_STATES, type DeviceRow, type DeviceSort } from "@/lib/access/devices/schema";
import { type ListParams, sortLink } from "@/lib/kernel/paging/schema";
import { DeviceMenu } from "./device-menu";

type DeviceTableProps = {
  devices: DeviceRow[];
  /** Where the list is sorted; without it, they are on the page of their account, which it says already. */
  sorting?: Sorting;
};

type Sorting = { path: string; params: ListParams<DeviceSort> };

export function DeviceTable({ devices, sorting }: DeviceTableProps) {
  const isOfAccount = sorting === undefined;
  return (
    <Table head={sorting ? <SortedHeaders {...sorting} /> : <Headers />}>
      {devices.map((device) => (
        <tr key={device.id}>
          <td>
            <DeviceName device={device} />
          </td>
          {!isOfAccount && (
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
      ))}
    </Table>
  );
}

function DeviceName({ device }: { device: DeviceRow }) {
  return (
    <>
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
    </>
  );
}

function SortedHeaders({ path, params }: Sorting) {
  return (
    <>
      <SortHeader label="Name" {...sortLink(path, params, "name")} />
      <SortHeader label="Email account" {...sortLink(path, params, "account")} />
      <SortHeader label="Protocols" {...sortLink(path, params, "protocols")} />
      <SortHeader label="State" {...sortLink(path, params, "state")} />
      <SortHeader label="Last used" {...sortLink(path, params, "lastUsed")} />
      <SortHeader label="Messages" {...sortLink(path, params, "messages")} />
      <SortHeader label="Expires" {...sortLink(path, params, "expires")} />
      <th aria-label="Actions" />
    </>
  );
}

function Headers() {
  return (
    <>
      <th>Name</th>
      <th>Protocols</th>
      <th>State</th>
      <th>Last used</th>
      <th>Messages</th>
      <th>Expires</th>
      <th aria-label="Actions" />
    </>
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
