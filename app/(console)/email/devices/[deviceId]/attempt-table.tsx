import { Badge } from "@/components/badge";
import { InlineLink } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import { type AttemptRow, OUTCOMES } from "@/lib/devices/attempts/schema";
import type { DeviceRow } from "@/lib/devices/schema";
import { findRemedy } from "@/lib/remedies/catalogue";

type DeviceOfAttempts = Pick<DeviceRow, "id" | "protocols">;

type AttemptTableProps = {
  attempts: AttemptRow[];
  emailAccountId?: string;
  device?: DeviceOfAttempts;
};

export function AttemptTable({ attempts, emailAccountId, device }: AttemptTableProps) {
  return (
    <Table columns={["Result", "Protocol", "From", "When"]}>
      {folded(attempts).map(({ attempt, count }) => (
        <tr key={attempt.id}>
          <td>
            <Result attempt={attempt} emailAccountId={emailAccountId} device={device} />
          </td>
          <td data-label="Protocol" className={classes.fit}>
            <span>
              {attempt.protocol.toUpperCase()}
              <span className={classes.second}>{attempt.tlsVersion ?? "no TLS"}</span>
            </span>
          </td>
          <td data-label="From" className={classes.fit}>
            <span>
              {attempt.address}
              {attempt.client && <span className={classes.second}>{attempt.client}</span>}
            </span>
          </td>
          <td data-label="When" className={classes.fit}>
            <span>
              <RelativeTime at={attempt.at} />
              {count > 1 && <span className={classes.second}>{count} times</span>}
            </span>
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** Consecutive attempts that differ only in time. */
function folded(attempts: readonly AttemptRow[]): { attempt: AttemptRow; count: number }[] {
  const rows: { attempt: AttemptRow; count: number }[] = [];
  for (const attempt of attempts) {
    const last = rows.at(-1);
    if (last && sameText(last.attempt) === sameText(attempt)) last.count += 1;
    else rows.push({ attempt, count: 1 });
  }
  return rows;
}

function sameText({ id, at, ...rest }: AttemptRow): string {
  return JSON.stringify(rest);
}

type ResultProps = {
  attempt: AttemptRow;
  emailAccountId: string | undefined;
  device: DeviceOfAttempts | undefined;
};

function Result({ attempt, emailAccountId, device }: ResultProps) {
  const { outcome, remedyId, reply } = attempt;
  const { label, advice, tone } = OUTCOMES[outcome];
  return (
    <div>
      <Badge tint={tone === "good" ? "teal" : "red"} icon={tone === "good" ? "check" : "x"}>
        {label}
      </Badge>
      {remedyId && (
        <span className={classes.second}>
          <InlineLink href={routes.remedy(remedyId, emailAccountId)}>
            {findRemedy(remedyId).title}
          </InlineLink>
        </span>
      )}
      {reply && <span className={`${classes.second} ${classes.code}`}>{reply}</span>}
      <span className={classes.second}>
        {outcome === "protocol_refused" && device?.protocols.includes(attempt.protocol)
          ? HOLDS_LINKS
          : advice}
        {device && remedyId === "smtp.send_as_denied" && (
          <>
            {" "}
            If the device sends from an address other than its account's,{" "}
            <InlineLink href={routes.editDevice(device.id)}>edit the device</InlineLink> and switch
            on Replace the From address under Advanced.
          </>
        )}
        {remedyId && emailAccountId && (
          <>
            {" "}
            <InlineLink href={routes.testedEmailAccount(emailAccountId)}>
              Test the account
            </InlineLink>
          </>
        )}
      </span>
    </div>
  );
}

/** The device may use the protocol; the mailbox may not be read. */
const HOLDS_LINKS =
  "The device is allowed to use this protocol now. If it already was, sign-in links or invitations may be in this mailbox, which devices can then only send with. Use another email account for the device.";
