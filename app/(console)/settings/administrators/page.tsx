import type { Metadata } from "next";
import { Badge } from "@/components/badge";
import { AddBar, SectionPages } from "@/components/list-footer";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import classes from "@/components/table.module.css";
import { listAdministrators } from "@/lib/access/administrators/queries";
import type { AdministratorRow } from "@/lib/access/administrators/schema";
import { requireUser } from "@/lib/http/auth/session";
import { readTurn } from "@/lib/kernel/turns/schema";
import { AdministratorSwitch } from "./administrator-switch";
import { InviteButton } from "./invite-button";

export const metadata: Metadata = { title: "Administrators" };

const PATH = "/settings/administrators";

export default async function AdministratorsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const parameters = await searchParams;
  const list = await listAdministrators(actor, readTurn(parameters, "people"));
  return (
    <Page
      title="Administrators"
      description="People who can sign in here."
      footer={
        <AddBar>
          <InviteButton />
        </AddBar>
      }
    >
      <div className={classes.frame}>
        <table>
          <thead>
            <tr>
              <th>Name</th>
              <th>Email</th>
              <th>Last seen</th>
              <th>Status</th>
              <th aria-label="Actions" />
            </tr>
          </thead>
          <tbody>
            {list.rows.map((row) => (
              <AdministratorTableRow key={row.id} row={row} isSelf={row.id === actor.id} />
            ))}
          </tbody>
        </table>
      </div>
      <SectionPages
        list={list}
        path={PATH}
        parameters={parameters}
        section="people"
        noun={{ one: "administrator", many: "administrators" }}
      />
    </Page>
  );
}

function AdministratorTableRow({ row, isSelf }: { row: AdministratorRow; isSelf: boolean }) {
  const isActive = row.disabledAt === null;
  return (
    <tr>
      <td>
        <RowLink href={routes.administrator(row.id)} look="name">
          {row.name}
        </RowLink>
      </td>
      <td data-label="Email">{row.email}</td>
      <td data-label="Last seen">
        {row.lastSeenAt ? <RelativeTime at={row.lastSeenAt} /> : "Not signed in"}
      </td>
      <td data-label="Status">
        <Badge tint={isActive ? "teal" : "gray"}>{isActive ? "Active" : "Disabled"}</Badge>
      </td>
      <td>
        {isSelf ? (
          <span className={classes.dimmed}>You</span>
        ) : (
          <AdministratorSwitch id={row.id} name={row.name} isActive={isActive} />
        )}
      </td>
    </tr>
  );
}
