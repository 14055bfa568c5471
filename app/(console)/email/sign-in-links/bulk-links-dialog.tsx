import { Loader, Text } from "@mantine/core";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifyProblem, notifySuccess } from "@/components/notify";
import type { KeptRow } from "@/components/row-selection";
import { showOnce } from "@/components/shown-once";
import { useAnswer } from "@/components/use-action";
import { counted, listed } from "@/lib/kernel/text/schema";
import type { SelectedLinks } from "@/lib/sign-ins/links/queries";
import {
  type LinkSelection,
  MAX_LINKS,
  MAX_REVOKED,
  type ReplacedLinks,
  type RevokedLinks,
  tooManyLinks,
} from "@/lib/sign-ins/links/schema";
import {
  findSelectedLinksAction,
  replaceSignInLinksAction,
  revokeSignInLinksAction,
} from "./actions";
import { LinksDialog } from "./links-dialog";

export type LinkWish = "replace" | "send" | "revoke";

type BulkLinksDialogProps = {
  wish: LinkWish;
  selection: LinkSelection;
  onKeep: (left: readonly KeptRow[]) => void;
  onClose: () => void;
};

export function BulkLinksDialog(props: BulkLinksDialogProps) {
  const { wish, selection, onKeep, onClose } = props;
  const { data: now = null, problem } = useAnswer(
    () => findSelectedLinksAction(selection),
    ({ ticked }) => selection.links === "selected" && onKeep(ticked.map(rowOf)),
  );
  const names = now ? meantBy(wish, now) : [];
  const plan = planOf(wish, now);
  const max = wish === "revoke" ? MAX_REVOKED : MAX_LINKS;
  const isTooMany = now !== null && now.count > max;
  const asked = { selection, expected: isTooMany ? undefined : now?.count || undefined };
  const look = {
    title: plan.title,
    confirmLabel: plan.label,
    isDisabled: isTooMany || plan.count === 0,
    problem: isTooMany ? { code: "unprocessable", message: tooManyLinks(max) } : problem,
    onClose,
    children: (
      <>
        {now === null && problem === null && <Loader size="sm" />}
        {names.length > 0 && <Text>{listed(names, names.length, 8)}.</Text>}
        {now && <Consequences wish={wish} now={now} />}
      </>
    ),
  };
  const showReplaced = (done: ReplacedLinks) => {
    onKeep(done.refused.map(rowOf));
    onClose();
    tellReplaced(wish, done);
    if (wish === "replace" && done.links.length > 0) showOnce(<LinksDialog links={done.links} />);
  };
  if (wish !== "revoke")
    return (
      <ConfirmDialog
        {...look}
        action={() => replaceSignInLinksAction({ ...asked, send: wish === "send" })}
        onSuccess={showReplaced}
      />
    );
  return (
    <ConfirmDialog
      {...look}
      isDangerous
      deletes={now?.open ?? 0}
      action={() => revokeSignInLinksAction(asked)}
      onSuccess={(done) => {
        onKeep([]);
        tellRevoked(done);
        onClose();
      }}
    />
  );
}

function Consequences({ wish, now }: { wish: LinkWish; now: SelectedLinks }) {
  const lines = [
    ...planOf(wish, now).consequences,
    now.missing > 0 &&
      `${linksText(now.missing)} of your selection ${now.missing === 1 ? "was" : "were"} revoked or replaced in the meantime.`,
  ];
  return lines.map(
    (line) =>
      line && (
        <Text key={line} size="sm">
          {line}
        </Text>
      ),
  );
}

function rowOf({ id, username }: { id: string; username: string }): KeptRow {
  return { id, name: username };
}

const linksText = (count: number) => counted(count, "link");
const newLinksText = (count: number) => counted(count, "new link");
const peopleText = (count: number) => counted(count, "person", "people");

type Plan = { title: string; label: string; count: number; consequences: (string | false)[] };

function planOf(wish: LinkWish, now: SelectedLinks | null): Plan {
  if (wish === "revoke") return revoking(now);
  const waiting = now ? now.count - now.signedIn : 0;
  const count = wish === "send" && now ? waiting - now.withoutAddress : waiting;
  const verb = wish === "send" ? "Send" : "Create";
  const { signedIn = 0, withoutAddress = 0 } = now ?? {};
  return {
    ...named(verb, count && newLinksText(count), "new links"),
    count,
    consequences: [
      wish === "send"
        ? "Each person gets a new link by mail, about 30 a minute. Links that were sent before stop working."
        : "You can then copy, download or send the new links. Links that were sent before stop working.",
      signedIn > 0 &&
        `${peopleText(signedIn)} signed in already and ${signedIn === 1 ? "gets" : "get"} no new link.`,
      wish === "send" &&
        withoutAddress > 0 &&
        `${peopleText(withoutAddress)} can't be reached by mail, because the name is not an email address. Choose New links for them instead.`,
    ],
  };
}

function meantBy(wish: LinkWish, { ticked }: SelectedLinks): string[] {
  return ticked
    .filter(({ isSignedIn }) => wish === "revoke" || !isSignedIn)
    .filter(({ isReached }) => wish !== "send" || isReached)
    .map(({ username }) => username);
}

function revoking(now: SelectedLinks | null): Plan {
  const { count = 0, open = 0 } = now ?? {};
  const others = count - open;
  const verb = now && open === 0 ? "Remove" : "Revoke";
  return {
    ...named(verb, count && linksText(count), "links"),
    count,
    consequences: [
      open > 0 &&
        `${linksText(open)} can still be used. People who open ${open === 1 ? "it" : "them"} are told that the link no longer works.`,
      others > 0 &&
        `${linksText(others)} ${others === 1 ? "was used or has" : "were used or have"} expired and only ${others === 1 ? "leaves" : "leave"} this list. Mailboxes that are signed in stay signed in.`,
    ],
  };
}

function named(verb: string, what: string | 0, otherwise: string) {
  const label = `${verb} ${what || otherwise}`;
  return { label, title: what ? `${label}?` : label };
}

function tellReplaced(wish: LinkWish, { links, refused, missing }: ReplacedLinks): void {
  if (wish === "send" && links.length > 0)
    notifySuccess(
      `${newLinksText(links.length)} ${links.length === 1 ? "goes" : "go"} out by mail.`,
    );
  const left = [
    ...refused.slice(0, 3).map(({ username, reason }) => `${username}: ${reason}`),
    refused.length > 3 && `And ${(refused.length - 3).toLocaleString("en")} more.`,
    missing > 0 &&
      `${linksText(missing)} ${missing === 1 ? "was" : "were"} revoked or replaced in the meantime.`,
  ].filter(Boolean);
  if (left.length > 0) notifyProblem(`Not everyone got a new link. ${left.join(" ")}`);
}

function tellRevoked({ revoked, removed, missing }: RevokedLinks): void {
  const done = [
    revoked > 0 && `Revoked ${linksText(revoked)}.`,
    removed > 0 && `Removed ${linksText(removed)}.`,
  ].filter(Boolean);
  if (done.length > 0) notifySuccess(done.join(" "));
  if (missing > 0)
    notifyProblem(
      `${linksText(missing)} ${missing === 1 ? "was" : "were"} revoked or replaced in the meantime.`,
    );
}
