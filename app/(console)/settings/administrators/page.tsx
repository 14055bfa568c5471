import { AddButton } from "@/components/acts";
import { Badge } from "@/components/badge";
import { ListPage } from "@/components/list-page";
import { Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink, Table } from "@/components/table";
import classes from "@/components/table.module.css";
import { findRole, requireUserOf } from "@/lib/http/auth/session";
import { listAdministrators } from "@/lib/people/administrators/queries";
import type { AdministratorRow } from "@/lib/people/administrators/schema";
import { findRoleDeciders } from "@/lib/people/company/queries";
import { findSecondFactorRoles } from "@/lib/people/factors/queries";
import { hasLinkChannel, listInvitations } from "@/lib/people/links/queries";
import type { InvitationRow } from "@/lib/people/links/schema";
import { ROLE_LABELS } from "@/lib/people/roles/schema";
import { AdministratorMenu } from "./administrator-menu";
import { InvitationButtons, InviteDialog } from "./invitations";
import { SecondFactorRoles } from "./roles";

const PATH = "/settings/administrators";

export default async function AdministratorsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUserOf("/settings/administrators");
  const [list, invitations, canMail, secondFactorRoles, deciders] = await Promise.all([
    listAdministrators.open(actor, await searchParams),
    listInvitations(actor),
    hasLinkChannel(actor),
    findSecondFactorRoles(actor),
    findRoleDeciders(actor),
  ]);
  return (
    <ListPage
      list={list}
      path={PATH}
      title="People"
      description="People who can sign in here."
      noun={{ one: "person", many: "people" }}
      search="Search people"
      add={
        <AddButton
          label="Invite a person"
          needs="administrators:write"
          dialog={<InviteDialog canMail={canMail} deciders={deciders} />}
        />
      }
      filters={[
        { name: "role", label: "Role", all: "All roles", options: ROLE_LABELS },
        {
          name: "factors",
          label: "Second factor",
          all: "With or without a second factor",
          options: { with: "With a second factor", without: "Without a second factor" },
        },
      ]}
      nothing="No one is in this view."
      columns={[
        ["Name", "name"],
        ["Email", "email"],
        ["Role", "role"],
        "Second factor",
        ["Last seen", "lastSeen"],
        "Status",
      ]}
      rows={(rows) =>
        rows.map((row) => (
          <AdministratorTableRow key={row.id} row={row} isSelf={row.id === actor.id} />
        ))
      }
      below={
        <>
          <InvitationTable rows={invitations} canMail={canMail} />
          <SecondFactorRoles roles={secondFactorRoles} ownRole={await findRole()} />
        </>
      }
    />
  );
}

/** A passkey beside a password that suffices alone protects nothing. */
function factorText({ hasFactors, isAskedForFactor }: AdministratorRow): string {
  if (isAskedForFactor) return "Yes";
  return hasFactors ? "No: passkey or password" : "No";
}

function AdministratorTableRow({ row, isSelf }: { row: AdministratorRow; isSelf: boolean }) {
  const isActive = row.disabledAt === null;
  return (
    <tr>
      <td>
        <RowLink href={routes.administrator(row.id)} look="name">
          {row.name}
        </RowLink>
        {isSelf && <span className={classes.dimmed}> (you)</span>}
      </td>
      <td data-label="Email" className={classes.wide}>
        {row.email}
      </td>
      <td data-label="Role">
        {ROLE_LABELS[row.role]}
        {row.managedBy !== null && row.disabledBy === null && (
          <span className={classes.dimmed}> decided by {row.managedBy}</span>
        )}
      </td>
      <td data-label="Second factor">{factorText(row)}</td>
      <td data-label="Last seen" className={classes.fit}>
        {row.lastSeenAt ? <RelativeTime at={row.lastSeenAt} /> : "Not signed in"}
      </td>
      <td data-label="Status" className={classes.fit}>
        <Badge tint={isActive ? "teal" : "gray"}>{isActive ? "Active" : "Disabled"}</Badge>
        {row.disabledBy !== null && <span className={classes.dimmed}> by {row.disabledBy}</span>}
      </td>
      <td>{!isSelf && <AdministratorMenu person={row} />}</td>
    </tr>
  );
}

function InvitationTable({ rows, canMail }: { rows: InvitationRow[]; canMail: boolean }) {
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
