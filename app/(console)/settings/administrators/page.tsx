import {
  Badge,
  Table,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
} from "@mantine/core";
import type { Metadata } from "next";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import classes from "@/components/table.module.css";
import { listAdministrators } from "@/lib/administrators/queries";
import type { AdministratorRow } from "@/lib/administrators/schema";
import { requireUser } from "@/lib/auth/session";
import { AdministratorSwitch } from "./administrator-switch";
import { InviteButton } from "./invite-button";

export const metadata: Metadata = { title: "Administrators" };

export default async function AdministratorsPage() {
  const actor = await requireUser();
  const rows = await listAdministrators(actor);
  return (
    <Page
      title="Administrators"
      description="People who can sign in here."
      actions={<InviteButton />}
    >
      <div className={classes.frame}>
        <Table verticalSpacing="sm" horizontalSpacing="md">
          <TableThead>
            <TableTr>
              <TableTh>Name</TableTh>
              <TableTh>Email</TableTh>
              <TableTh>Last seen</TableTh>
              <TableTh>Status</TableTh>
              <TableTh aria-label="Actions" />
            </TableTr>
          </TableThead>
          <TableTbody>
            {rows.map((row) => (
              <AdministratorTableRow key={row.id} row={row} isSelf={row.id === actor.id} />
            ))}
          </TableTbody>
        </Table>
      </div>
    </Page>
  );
}

function AdministratorTableRow({ row, isSelf }: { row: AdministratorRow; isSelf: boolean }) {
  const isActive = row.disabledAt === null;
  return (
    <TableTr>
      <TableTd>
        <Text size="sm" fw={600}>
          {row.name}
        </Text>
      </TableTd>
      <TableTd data-label="Email">{row.email}</TableTd>
      <TableTd data-label="Last seen">
        {row.lastSeenAt ? <RelativeTime at={row.lastSeenAt} /> : "Not signed in"}
      </TableTd>
      <TableTd data-label="Status">
        <Badge color={isActive ? "teal" : "gray"}>{isActive ? "Active" : "Disabled"}</Badge>
      </TableTd>
      <TableTd>
        {isSelf ? (
          <Text size="sm" c="dimmed">
            You
          </Text>
        ) : (
          <AdministratorSwitch id={row.id} name={row.name} isActive={isActive} />
        )}
      </TableTd>
    </TableTr>
  );
}
