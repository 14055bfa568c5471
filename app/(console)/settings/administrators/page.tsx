import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { Badge } from "@/components/badge";
import { NothingFound } from "@/components/empty-state";
import { FilterSelect } from "@/components/filter-select";
import { ListFilters } from "@/components/list-filters";
import { ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { SearchField } from "@/components/search-field";
import { SortHeader } from "@/components/sort-header";
import classes from "@/components/table.module.css";
import { UnknownFilters } from "@/components/unknown-filters";
import { countAdministratorViews, listAdministrators } from "@/lib/access/administrators/queries";
import {
  ADMINISTRATOR_SORTS,
  ADMINISTRATOR_VIEW_LABELS,
  type AdministratorRow,
  type AdministratorSort,
  administratorFilterSchema,
} from "@/lib/access/administrators/schema";
import { findSecondFactorRoles } from "@/lib/access/factors/queries";
import { listInvitations } from "@/lib/access/invitations/queries";
import { hasLinkChannel } from "@/lib/access/letters/queries";
import { ROLE_LABELS, ROLES } from "@/lib/access/roles/schema";
import { findRole, requireUserOf } from "@/lib/http/auth/session";
import {
  type ListParams,
  listHref,
  listParamsSchema,
  placeOf,
  readFilters,
  sortLink,
} from "@/lib/kernel/paging/schema";
import { AdministratorSwitch } from "./administrator-switch";
import { InvitationTable } from "./invitation-table";
import { InviteButton } from "./invite-button";
import { SecondFactorRoles } from "./second-factor-roles";

export const metadata: Metadata = { title: "Administrators" };

const PATH = "/settings/administrators";
const paramsSchema = listParamsSchema(ADMINISTRATOR_SORTS);

export default async function AdministratorsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUserOf("/settings/administrators");
  const query = await searchParams;
  const { filters, unknown } = readFilters(administratorFilterSchema, query);
  const params = { ...paramsSchema.parse(query), ...filters };
  const [{ rows, ...page }, counts, invitations, canMail, secondFactorRoles] = await Promise.all([
    listAdministrators(actor, params),
    countAdministratorViews(actor, params.search),
    listInvitations(actor),
    hasLinkChannel(actor),
    findSecondFactorRoles(actor),
  ]);
  return (
    <Page
      title="Administrators"
      description="People who can sign in here."
      actions={<SearchField label="Search administrators" />}
      footer={
        <ListFooter
          page={{ ...page, ...placeOf(params), shown: rows.length }}
          hrefOf={(cursor) => listHref(PATH, params, cursor)}
          noun={{ one: "person", many: "people" }}
          add={<InviteButton canMail={canMail} />}
        />
      }
    >
      <UnknownFilters unknown={unknown} noun="administrators" />
      <ListFilters path={PATH} params={params} counts={counts} labels={ADMINISTRATOR_VIEW_LABELS}>
        <FilterSelect
          name="role"
          label="Role"
          all="All roles"
          options={ROLES.map((value) => ({ value, label: ROLE_LABELS[value] }))}
        />
        <FilterSelect
          name="factors"
          label="Second factor"
          all="With or without a second factor"
          options={[
            { value: "with", label: "With a second factor" },
            { value: "without", label: "Without a second factor" },
          ]}
        />
      </ListFilters>
      <Stack gap="xl">
        {rows.length === 0 ? (
          <NothingFound href={PATH} all="Show all administrators">
            No one is in this view.
          </NothingFound>
        ) : (
          <AdministratorTable rows={rows} params={params} selfId={actor.id} />
        )}
        <InvitationTable rows={invitations} canMail={canMail} />
      </Stack>
      <SecondFactorRoles roles={secondFactorRoles} ownRole={await findRole()} />
    </Page>
  );
}

type AdministratorTableProps = {
  rows: AdministratorRow[];
  params: ListParams<AdministratorSort>;
  selfId: string;
};

function AdministratorTable({ rows, params, selfId }: AdministratorTableProps) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <SortHeader label="Name" {...sortLink(PATH, params, "name")} />
            <SortHeader label="Email" {...sortLink(PATH, params, "email")} />
            <SortHeader label="Role" {...sortLink(PATH, params, "role")} />
            <th>Second factor</th>
            <SortHeader label="Last seen" {...sortLink(PATH, params, "lastSeen")} />
            <SortHeader label="Status" {...sortLink(PATH, params, "status")} />
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <AdministratorTableRow key={row.id} row={row} isSelf={row.id === selfId} />
          ))}
        </tbody>
      </table>
    </div>
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
        {isSelf && <span className={classes.dimmed}> (you)</span>}
      </td>
      <td data-label="Email" className={classes.wide}>
        {row.email}
      </td>
      <td data-label="Role" className={classes.fit}>
        {ROLE_LABELS[row.role]}
        {row.managedBy !== null && row.disabledBy === null && (
          <span className={classes.dimmed}> decided by {row.managedBy}</span>
        )}
      </td>
      <td data-label="Second factor" className={classes.fit}>
        {row.hasFactors ? "Yes" : "None"}
      </td>
      <td data-label="Last seen" className={classes.fit}>
        {row.lastSeenAt ? <RelativeTime at={row.lastSeenAt} /> : "Not signed in"}
      </td>
      <td data-label="Status" className={classes.fit}>
        <Badge tint={isActive ? "teal" : "gray"}>{isActive ? "Active" : "Disabled"}</Badge>
        {row.disabledBy !== null && <span className={classes.dimmed}> by {row.disabledBy}</span>}
      </td>
      <td>{!isSelf && <AdministratorSwitch person={row} />}</td>
    </tr>
  );
}
