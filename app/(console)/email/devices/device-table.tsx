import { Badge } from "@/components/badge";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import classes from "@/components/table.module.css";
import { DEVICE_STATES, type DeviceRow } from "@/lib/access/devices/schema";
import { DeviceMenu } from "./device-menu";

type DeviceTableProps = {
  devices: DeviceRow[];
  /** On the page of their account, which says it already. */
  isOfAccount?: boolean;
};

export function DeviceTable({ devices, isOfAccount = false }: DeviceTableProps) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <th>Name</th>
            {!isOfAccount && <th>Email account</th>}
            <th>Protocols</th>
            <th>State</th>
            <th>Last used</th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {devices.map((device) => (
            <tr key={device.id}>
              <td>
                <RowLink href={routes.device(device.id)}>{device.name}</RowLink>
                <span className={classes.second}>
                  <span className={classes.code}>{device.prefix}…</span>
                </span>
              </td>
              {!isOfAccount && (
                <td data-label="Email account">
                  <span>
                    <RowLink href={routes.emailAccount(device.emailAccountId)}>
                      {device.accountName}
                    </RowLink>
                    <span className={classes.second}>{device.emailAddress}</span>
                  </span>
                </td>
              )}
              <td data-label="Protocols">{device.protocols.join(", ").toUpperCase()}</td>
              <td data-label="State">
                <DeviceStateBadge device={device} />
              </td>
              <td data-label="Last used" className={classes.fit}>
                {device.lastUsedAt ? <RelativeTime at={device.lastUsedAt} /> : "never"}
              </td>
              <td className={classes.menu}>
                <DeviceMenu
                  id={device.id}
                  name={device.name}
                  isPaused={device.state === "paused"}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const TINTS = {
  active: { tint: "teal", icon: "check" },
  paused: { tint: "gray", icon: "player-pause" },
  expired: { tint: "orange", icon: "alert-triangle" },
  account_inactive: { tint: "gray", icon: "player-pause" },
} as const;

export function DeviceStateBadge({ device: { state } }: { device: Pick<DeviceRow, "state"> }) {
  return <Badge {...TINTS[state]}>{DEVICE_STATES[state]}</Badge>;
}
