import { Group } from "@mantine/core";
import type { Metadata } from "next";
import { searchCloudProvidersAction } from "@/app/(console)/choices/actions";
import { FilterChoice } from "@/components/filter-choice";
import { ListFilters } from "@/components/list-filters";
import { ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { SearchField } from "@/components/search-field";
import { UnknownFilters } from "@/components/unknown-filters";
import { requireUser } from "@/lib/http/auth/session";
import { can } from "@/lib/kernel/actor";
import { listHref, listParamsSchema, placeOf, readFilters } from "@/lib/kernel/paging/schema";
import { findLinkMail } from "@/lib/sign-ins/links/letters/queries";
import { countSignInLinkViews, listSignInLinks } from "@/lib/sign-ins/links/queries";
import {
  LINK_SORTS,
  LINK_VIEW_LABELS,
  type LinkFilters,
  linkFilterSchema,
  type SignInLinkRow,
} from "@/lib/sign-ins/links/schema";
import { Description, HeldBack, NoLinks, SentSoon } from "./link-notes";
import { LinkSelection } from "./link-selection";
import { LinkTable } from "./link-table";
import { SettingsButton } from "./settings-button";

export const metadata: Metadata = { title: "Sign-in Links" };

const PATH = "/email/sign-in-links";
const paramsSchema = listParamsSchema(LINK_SORTS, { direction: "desc" });

export default async function SignInLinksPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const query = await searchParams;
  const { filters, unknown } = readFilters(linkFilterSchema, query);
  const params = { ...paramsSchema.parse(query), ...filters };
  const [{ rows, ...page }, counts, mail] = await Promise.all([
    listSignInLinks(actor, params),
    countSignInLinkViews(actor, { ...filters, search: params.search }),
    findLinkMail(actor),
  ]);
  const isNarrowed = params.search !== "" || Object.keys(filters).length > 0;
  const isNew = rows.length === 0 && !isNarrowed;
  return (
    <Page
      title="Sign-in Links"
      description={<Description canMail={mail.canMail} />}
      actions={<Actions mail={mail} isNew={isNew} />}
      footer={
        !isNew && (
          <ListFooter
            page={{ ...page, ...placeOf(params), shown: rows.length }}
            hrefOf={(cursor) => listHref(PATH, params, cursor)}
            noun={{ one: "link", many: "links" }}
          />
        )
      }
    >
      <UnknownFilters unknown={unknown} noun="links" />
      <HeldBack count={mail.heldBack} />
      <SentSoon soon={mail.soon} />
      {!isNew && <Filters params={params} counts={counts} rows={rows} />}
      {rows.length === 0 && <NoLinks isNew={isNew} />}
      {rows.length > 0 && (
        <LinkSelection
          key={JSON.stringify([params.search, filters])}
          search={params.search}
          filters={filters}
          total={page.total}
          canMail={mail.canMail}
        >
          <LinkTable
            links={rows}
            params={params}
            path={PATH}
            canMail={mail.canMail}
            isSelectable={can(actor, "authorizations:write")}
          />
        </LinkSelection>
      )}
    </Page>
  );
}

type FiltersProps = {
  params: ReturnType<typeof paramsSchema.parse> & LinkFilters;
  counts: Awaited<ReturnType<typeof countSignInLinkViews>>;
  rows: readonly SignInLinkRow[];
};

function Filters({ params, counts, rows }: FiltersProps) {
  return (
    <ListFilters
      path={PATH}
      params={params}
      counts={counts}
      labels={LINK_VIEW_LABELS}
      on={chosen(params, rows)}
    >
      <FilterChoice name="cloudProviderId" label="Provider" find={searchCloudProvidersAction} />
    </ListFilters>
  );
}

type ActionsProps = { mail: Awaited<ReturnType<typeof findLinkMail>>; isNew: boolean };

function Actions({ mail: { settings, canMail }, isNew }: ActionsProps) {
  return (
    <Group gap="xs">
      {!isNew && <SearchField label="Search links" />}
      <SettingsButton settings={settings} canMail={canMail} />
    </Group>
  );
}

function chosen({ cloudProviderId }: LinkFilters, rows: readonly SignInLinkRow[]) {
  if (cloudProviderId === undefined) return [];
  return [{ name: "cloudProviderId", label: rows[0]?.providerName ?? "One provider" }];
}
