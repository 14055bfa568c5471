import { Alert } from "@mantine/core";
import { IconMailShare } from "@tabler/icons-react";
import { Can } from "@/components/can";
import { EmptyState } from "@/components/empty-state";
import { InlineLink } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { NO_LETTER_CHANNEL } from "@/lib/letters/schema";
import type { LinkMail } from "@/lib/sign-ins/links/letters/schema";

export function Description({ canMail }: { canMail: boolean }) {
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

export function SentSoon({ soon }: { soon: LinkMail["soon"] }) {
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
export function HeldBack({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <Alert color="yellow" mb="md" title="No links are sent automatically">
      {count.toLocaleString("en")} sign-ins have lapsed. So many usually have one cause: check{" "}
      <InlineLink href="/incidents">Incidents</InlineLink> first. To send links anyway, select the
      accounts and choose Sign in.
    </Alert>
  );
}

export function NoLinks() {
  return (
    <EmptyState
      icon={IconMailShare}
      title="No sign-in links"
      link={{ href: "/email/accounts?view=not_signed_in", label: "Open Email Accounts" }}
    >
      Select email accounts that are not signed in, choose Sign in, then Create links. Or choose
      Create sign-in link in the menu of one account.
    </EmptyState>
  );
}
