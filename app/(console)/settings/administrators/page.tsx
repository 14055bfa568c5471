import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { NothingFound } from "@/components/empty-state";
import { FilterSelect } from "@/components/filter-select";
import { ListFilters } from "@/components/list-filters";
import { ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { SearchField } from "@/components/search-field";
import { UnknownFilters } from "@/components/unknown-filters";
import { countAdministratorViews, listAdministrators } from "@/lib/access/administrators/queries";
import {
  ADMINISTRATOR_SORTS,
  ADMINISTRATOR_VIEW_LABELS,
  administratorFilterSchema,
} from "@/lib/access/administrators/schema";
import { findRoleDeciders } from "@/lib/access/company/queries";
import { findSecondFactorRoles } from "@/lib/access/factors/queries";
import { listInvitations } from "@/lib/access/invitations/queries";
import { hasLinkChannel } from "@/lib/access/letters/queries";
import { ROLE_LABELS, ROLES } from "@/lib/access/roles/schema";
import { findRole, requireUserOf } from "@/lib/http/auth/session";
import { listHref, listParamsSchema, placeOf, readFilters } from "@/lib/kernel/paging/schema";
import { AdministratorTable } from "./administrator-table";
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
  const [{ rows, ...page }, counts, invitations, canMail, secondFactorRoles, deciders] =
    await Promise.all([
      listAdministrators(actor, params),
      countAdministratorViews(actor, params.search, filters),
      listInvitations(actor),
      hasLinkChannel(actor),
      findSecondFactorRoles(actor),
      findRoleDeciders(actor),
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
          add={<InviteButton canMail={canMail} deciders={deciders} />}
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
          <AdministratorTable rows={rows} params={params} path={PATH} selfId={actor.id} />
        )}
        <InvitationTable rows={invitations} canMail={canMail} />
      </Stack>
      <SecondFactorRoles roles={secondFactorRoles} ownRole={await findRole()} />
    </Page>
  );
}
