import { Alert, Box } from "@mantine/core";
import { IconMailShare } from "@tabler/icons-react";
import { searchCloudProvidersAction } from "@/app/(console)/choices/actions";
import { Can } from "@/components/can";
import { InlineLink } from "@/components/links";
import type { ChosenFilter } from "@/components/list-filters";
import { EmptyState, ListPage } from "@/components/list-page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { requireUser } from "@/lib/http/auth/session";
import { can } from "@/lib/kernel/actor";
import { NO_LETTER_CHANNEL } from "@/lib/letters/schema";
import type { LinkMail } from "@/lib/sign-ins/links/queries";
import { findLinkMail, listSignInLinks } from "@/lib/sign-ins/links/queries";
import { CreateLinks } from "./create-link-button";
import { LinkRow } from "./link-row";
import { LinkSelection } from "./link-selection";
import { SettingsButton } from "./settings-button";

const PATH = "/email/sign-in-links";

type List = Awaited<ReturnType<typeof listSignInLinks.open>>;

function chosen({ params, rows }: List): ChosenFilter[] {
  const label = rows[0]?.providerName ?? "One provider";
  return params.cloudProviderId ? [{ name: "cloudProviderId", label }] : [];
}

export default async function SignInLinksPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const [list, { canMail, ...mail }] = await Promise.all([
    listSignInLinks.open(actor, await searchParams),
    findLinkMail(actor),
  ]);
  const { search, view, cloudProviderId } = list.params;
  const isSelectable = can(actor, "authorizations:write");
  return (
    <ListPage
      list={list}
      path={PATH}
      title="Sign-in Links"
      description={<Description canMail={canMail} />}
      noun={{ one: "link", many: "links" }}
      search="Search links"
      actions={<SettingsButton settings={mail.settings} canMail={canMail} />}
      above={
        <>
          <HeldBack count={mail.heldBack} />
          <SentSoon soon={mail.soon} />
        </>
      }
      filters={[{ name: "cloudProviderId", label: "Provider", find: searchCloudProvidersAction }]}
      chosen={chosen(list)}
      empty={<NoLinks />}
      columns={[["Person", "username"], "Provider", "State", "Mail", ["Created", "created"]]}
      rows={(rows) =>
        rows.map((link) => (
          <LinkRow
            key={`${link.cloudProviderId} ${link.username}`}
            link={link}
            canMail={canMail}
            isSelectable={isSelectable}
          />
        ))
      }
      around={(content) =>
        list.rows.length === 0 ? (
          content
        ) : (
          <LinkSelection
            key={JSON.stringify([search, view, cloudProviderId])}
            search={search}
            filters={{ view, cloudProviderId }}
            total={list.total}
            canMail={canMail}
          >
            {content}
          </LinkSelection>
        )
      }
    />
  );
}

function Description({ canMail }: { canMail: boolean }) {
  return (
    <>
      With a link, the owner of a mailbox signs it in without an account in Postkey.{" "}
      {!canMail && (
        <Can permission="alerts:write" otherwise={NO_LETTER_CHANNEL}>
          To send links by mail, open a mail channel in{" "}
          <InlineLink href="/settings/alerts">Alerts</InlineLink> and switch on “Also sends links to
          people”.
        </Can>
      )}
    </>
  );
}

const NAMED = 3;

function SentSoon({ soon }: { soon: LinkMail["soon"] }) {
  if (soon.length === 0) return null;
  const rest = soon.length - NAMED;
  return (
    <Alert color="blue" mb="md" title="Links go out automatically">
      {soon.slice(0, NAMED).map(({ username, sentAt }) => (
        <div key={username} style={{ overflowWrap: "anywhere" }}>
          To {username} <RelativeTime at={sentAt} />, if the sign-in does not work again by then.
        </div>
      ))}
      {rest > 0 && `And to ${rest.toLocaleString("en")} more.`}
    </Alert>
  );
}

/** Links don't repair a cause that many share. */
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

function NoLinks() {
  return (
    <EmptyState
      icon={IconMailShare}
      title="No sign-in links"
      link={{ href: routes.accountsIn("not_signed_in"), label: "Open Email Accounts" }}
      action={
        <Box ta="start" mt="md">
          <Can permission="authorizations:write">
            <CreateLinks selection={{ accounts: "all", search: "", view: "not_signed_in" }} />
          </Can>
        </Box>
      }
    >
      To make some, select email accounts that are not signed in, and choose Sign in.
    </EmptyState>
  );
}
