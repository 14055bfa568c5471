import { Alert, Group } from "@mantine/core";
import { IconMailShare } from "@tabler/icons-react";
import type { Metadata } from "next";
import { searchCloudProvidersAction } from "@/app/(console)/choices/actions";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { FilterChoice } from "@/components/filter-choice";
import { InlineLink } from "@/components/links";
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

function NoLinks({ isNew }: { isNew: boolean }) {
  if (!isNew)
    return (
      <NothingFound href={PATH} all="Show all links">
        No link is in this view.
      </NothingFound>
    );
  return (
    <EmptyState icon={<IconMailShare size={40} stroke={1.3} />} title="No sign-in links">
      Select email accounts that are not signed in, choose Sign in, then Create links. Or choose
      Create sign-in link in the menu of one account.
    </EmptyState>
  );
}

function chosen({ cloudProviderId }: LinkFilters, rows: readonly SignInLinkRow[]) {
  if (cloudProviderId === undefined) return [];
  return [{ name: "cloudProviderId", label: rows[0]?.providerName ?? "One provider" }];
}

function Description({ canMail }: { canMail: boolean }) {
  return (
    <>
      With a link, the owner of a mailbox signs it in without an account in Postkey.{" "}
      {!canMail && (
        <>
          To send links by mail, open a mail channel in{" "}
          <InlineLink href="/settings/alerts">Alerts</InlineLink> and switch on “Also sends links to
          people”.
        </>
      )}
    </>
  );
}

/** A cause that many share is not repaired by links. */
function HeldBack({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <Alert color="yellow" mb="md" title="No links are sent automatically">
      {count.toLocaleString("en")} sign-ins have lapsed. So many usually have one cause: check{" "}
      <InlineLink href="/incidents">Incidents</InlineLink> first. To send links anyway, select the
      accounts and choose Sign in.
    </Alert>
  );
}
