import type { Metadata } from "next";
import { searchCloudProvidersAction } from "@/app/(console)/choices/actions";
import { FilterChoice } from "@/components/filter-choice";
import type { ChosenFilter } from "@/components/list-filters";
import { ListPage } from "@/components/list-page";
import { requireUser } from "@/lib/http/auth/session";
import { can } from "@/lib/kernel/actor";
import { findLinkMail } from "@/lib/sign-ins/links/letters/queries";
import { listSignInLinks } from "@/lib/sign-ins/links/queries";
import { Description, HeldBack, NoLinks, SentSoon } from "./link-notes";
import { LinkRow } from "./link-row";
import { LinkSelection } from "./link-selection";
import { SettingsButton } from "./settings-button";

export const metadata: Metadata = { title: "Sign-in Links" };

const PATH = "/email/sign-in-links";

const FILTERS = [
  <FilterChoice
    key="provider"
    name="cloudProviderId"
    label="Provider"
    find={searchCloudProvidersAction}
  />,
];

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
      filters={FILTERS}
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
