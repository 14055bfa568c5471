"use client";

import { Loader, Text } from "@mantine/core";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { namesText } from "@/components/names-text";
import type { KeptRow } from "@/components/row-selection";
import { showOnce } from "@/components/shown-once-store";
import { useAnswer } from "@/components/use-action";
import {
  type LinkSelection,
  MAX_REVOKED,
  type ReplacedLinks,
  type SelectedLinks,
  tooManyLinks,
} from "@/lib/sign-ins/links/bulk/schema";
import { MAX_LINKS } from "@/lib/sign-ins/links/schema";
import {
  findSelectedLinksAction,
  replaceSignInLinksAction,
  revokeSignInLinksAction,
} from "./actions";
import {
  type LinkWish,
  linksText,
  meantBy,
  planOf,
  tellReplaced,
  tellRevoked,
} from "./link-wishes";
import { LinksDialog } from "./links-dialog";

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
        {now === null && problem === null && <Loader size="sm" aria-label="Loading" />}
        {names.length > 0 && <Text size="sm">{namesText(names)}</Text>}
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
