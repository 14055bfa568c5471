import { Alert, Group } from "@mantine/core";
import { IconMailShare } from "@tabler/icons-react";
import type { Metadata } from "next";
import { searchCloudProvidersAction } from "@/app/(console)/choices/actions";
import { Badge } from "@/components/badge";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { FilterChoice } from "@/components/filter-choice";
import { InlineLink, TextLink } from "@/components/links";
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
import { requireUser } from "@/lib/http/auth/session";
import {
  type ListParams,
  listHref,
  listParamsSchema,
  placeOf,
  readFilters,
  sortLink,
} from "@/lib/kernel/paging/schema";
import { findRemedy } from "@/lib/remedies/catalogue";
import { findLinkMail } from "@/lib/sign-ins/links/letters/queries";
import { isOwnMailbox, mailboxesText } from "@/lib/sign-ins/links/mailbox-names";
import { countSignInLinkViews, listSignInLinks } from "@/lib/sign-ins/links/queries";
import {
  LINK_SORTS,
  LINK_STATES,
  type LinkFilters,
  type LinkSort,
  linkFilterSchema,
  type SignInLinkRow,
} from "@/lib/sign-ins/links/schema";
import { LinkButtons } from "./link-buttons";
import { MailState } from "./mail-state";
import { SettingsButton } from "./settings-button";
import { ShowsNewLinks } from "./shows-new-links";

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
    countSignInLinkViews(actor, filters),
    findLinkMail(actor),
  ]);
  const isNarrowed = params.search !== "" || Object.keys(filters).length > 0;
  const isNew = rows.length === 0 && !isNarrowed;
  return (
    <Page
      title="Sign-in Links"
      description={<Description canMail={mail.canMail} />}
      actions={
        <Group gap="xs">
          {!isNew && <SearchField label="Search links" />}
          <SettingsButton settings={mail.settings} canMail={mail.canMail} />
        </Group>
      }
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
      {!isNew && (
        <ListFilters
          path={PATH}
          params={params}
          counts={counts}
          labels={LINK_STATES}
          on={chosen(filters, rows)}
        >
          <FilterChoice name="cloudProviderId" label="Provider" find={searchCloudProvidersAction} />
        </ListFilters>
      )}
      {isNew && (
        <EmptyState icon={<IconMailShare size={40} stroke={1.3} />} title="No sign-in links">
          Select email accounts that are not signed in, choose Sign in, then Create links. Or choose
          Create sign-in link in the menu of one account.
        </EmptyState>
      )}
      {!isNew && rows.length === 0 && (
        <NothingFound href={PATH} all="Show all links">
          No link is in this view.
        </NothingFound>
      )}
      <ShowsNewLinks>
        {rows.length > 0 && <LinkTable links={rows} params={params} {...mail} />}
      </ShowsNewLinks>
    </Page>
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
      {count.toLocaleString("en")} sign-ins have lapsed. So many usually have one cause: look at{" "}
      <InlineLink href="/incidents">Incidents</InlineLink> first. To send links nevertheless, select
      the accounts and choose Sign in.
    </Alert>
  );
}

type LinkTableProps = {
  links: SignInLinkRow[];
  params: ListParams<LinkSort>;
  canMail: boolean;
};

function LinkTable({ links, params, canMail }: LinkTableProps) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <SortHeader label="Person" {...sortLink(PATH, params, "username")} />
            <th>Provider</th>
            <th>State</th>
            <th>Mail</th>
            <SortHeader label="Created" {...sortLink(PATH, params, "created")} />
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {links.map((link) => (
            <tr key={`${link.cloudProviderId} ${link.username}`}>
              <td className={classes.wide}>
                <span className={classes.name}>{link.username}</span>
                {!isOwnMailbox(link.username, link.mailboxes) && (
                  <span className={classes.second}>opens {mailboxesText(link.mailboxes, 5)}</span>
                )}
              </td>
              <td data-label="Provider">
                <RowLink href={routes.cloudProvider(link.cloudProviderId)}>
                  {link.providerName}
                </RowLink>
              </td>
              <td data-label="State">
                <State link={link} />
              </td>
              <td data-label="Mail">
                <MailState mail={link.mail} />
              </td>
              <td data-label="Created">
                <span>
                  <RelativeTime at={link.createdAt} /> by {link.createdByName}
                </span>
              </td>
              <td>
                <LinkButtons {...link} canMail={canMail} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const TINTS = {
  waiting: { tint: "gray", icon: "circle-dashed" },
  opened: { tint: "indigo", icon: "user-exclamation" },
  failed: { tint: "red", icon: "alert-triangle" },
  signed_in: { tint: "teal", icon: "check" },
  expired: { tint: "orange", icon: "minus" },
} as const;

function State({ link }: { link: SignInLinkRow }) {
  const { state, signedInAt, openedAt, failureId, failedAt, expiresAt } = link;
  const at = { waiting: null, opened: openedAt, failed: failedAt, signed_in: signedInAt }[
    state === "expired" ? "waiting" : state
  ];
  return (
    <span>
      <Badge {...TINTS[state]}>{LINK_STATES[state]}</Badge>
      <span className={classes.second}>
        {at && <RelativeTime at={at} />}
        {state === "waiting" && (
          <>
            ends <RelativeTime at={expiresAt} />
          </>
        )}
        {state === "failed" && failureId !== null && (
          <>
            {": "}
            <TextLink size="xs" href={routes.remedy(failureId)}>
              {findRemedy(failureId)?.title ?? failureId}
            </TextLink>
          </>
        )}
      </span>
    </span>
  );
}
