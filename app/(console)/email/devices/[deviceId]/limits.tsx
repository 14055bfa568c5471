import { ExpiryText } from "@/components/expiry-text";
import { RelativeTime } from "@/components/relative-time";
import classes from "@/components/table.module.css";
import type { DeviceRow } from "@/lib/access/devices/schema";

/** What a device did so far, and what it may do. */
export function Limits({ device }: { device: DeviceRow }) {
  return (
    <div className={classes.frame}>
      <table>
        <tbody>
          {factsOf(device).map(([label, value]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function factsOf(device: DeviceRow) {
  const { senders, networks, messagesPerMinute, expiresAt, lastUsedAt } = device;
  return [
    ["Last used", lastUsedAt ? <LastUse key="use" device={device} at={lastUsedAt} /> : "Never"],
    ["Messages sent", device.messages.toLocaleString("en")],
    ["Transferred", bytesText(device.bytes)],
    ["Protocols", device.protocols.join(", ").toUpperCase()],
    ["Allowed senders", senders.length > 0 ? senders.join(", ") : device.emailAddress],
    ["Allowed addresses", networks.length > 0 ? networks.join(", ") : "All"],
    ["Messages per minute", messagesPerMinute ?? "No limit"],
    ["Expires", expiresAt ? <ExpiryText key="end" at={expiresAt} /> : "Does not expire"],
  ] as const;
}

function LastUse({ device, at }: { device: DeviceRow; at: Date }) {
  const { lastAddress, lastClient, lastTlsVersion } = device;
  return (
    <>
      <RelativeTime at={at} /> from {lastAddress}
      {lastClient && ` (${lastClient})`}, {lastTlsVersion ?? "without TLS"}
    </>
  );
}

const UNITS = ["bytes", "KB", "MB", "GB", "TB"];

/** `0 bytes`, `1.4 MB`. */
function bytesText(bytes: number): string {
  const power = Math.min(
    UNITS.length - 1,
    Math.floor(Math.log10(Math.max(bytes, 1)) / Math.log10(1_000)),
  );
  const value = bytes / 1_000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}
