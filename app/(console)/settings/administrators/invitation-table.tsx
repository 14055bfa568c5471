import { Badge } from "@/components/badge";
import { RelativeTime } from "@/components/relative-time";
import { Section } from "@/components/section";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import type { InvitationRow } from "@/lib/people/invitations/schema";
import { ROLE_LABELS } from "@/lib/people/roles/schema";
import { InvitationButtons } from "./invitation-buttons";

export function InvitationTable({ rows, canMail }: { rows: InvitationRow[]; canMail: boolean }) {
  if (rows.length === 0) return null;
  return (
    <Section title="Invitations">
      <Table columns={["For", "Role", "Invited", "Expires"]} hasActions>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>
              <div>
                <span className={classes.name}>{nameOf(row)}</span>
                {row.name && row.email && <span className={classes.second}>{row.email}</span>}
              </div>
            </td>
            <td data-label="Role">{ROLE_LABELS[row.role]}</td>
            <td data-label="Invited">
              <span>
                <RelativeTime at={row.createdAt} /> by {row.invitedByName}
              </span>
            </td>
            <td data-label="Expires" className={classes.fit}>
              {row.isExpired && <Badge tint="gray">Expired</Badge>}{" "}
              <RelativeTime at={row.expiresAt} />
            </td>
            <td className={classes.action}>
              <InvitationButtons invitation={row} name={nameOf(row)} canMail={canMail} />
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function nameOf({ name, email }: InvitationRow): string {
  return name ?? email ?? "Anyone with the link";
}
