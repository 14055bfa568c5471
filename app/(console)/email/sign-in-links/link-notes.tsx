import { Alert } from "@mantine/core";
import { IconMailShare } from "@tabler/icons-react";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { InlineLink } from "@/components/links";

export function Description({ canMail }: { canMail: boolean }) {
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

export function NoLinks({ isNew }: { isNew: boolean }) {
  if (!isNew)
    return (
      <NothingFound href="/email/sign-in-links" all="Show all links">
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
