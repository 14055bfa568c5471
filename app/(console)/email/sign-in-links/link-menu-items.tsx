"use client";

import { Menu, Text } from "@mantine/core";
import { IconBell, IconLink, IconSend, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { dropKept } from "@/components/kept-selection";
import { notifySuccess } from "@/components/notify";
import { OpenMenu } from "@/components/open-menu";
import { showOnce } from "@/components/shown-once-store";
import { useAction } from "@/components/use-action";
import type { SignInLinkRow } from "@/lib/sign-ins/links/schema";
import {
  createSignInLinksAction,
  remindOfSignInLinkAction,
  revokeSignInLinksAction,
  sendSignInLinkAgainAction,
} from "./actions";
import { LinksDialog } from "./links-dialog";
import { SELECTED } from "./selected";

/** What the menu of a link needs to know of it. */
export type LinkOfMenu = Pick<SignInLinkRow, "id" | "username" | "cloudProviderId" | "state"> & {
  canMail: boolean;
  /** How it went out by mail; null where it did not. */
  letterState: NonNullable<SignInLinkRow["mail"]>["letter"]["state"] | null;
  /** Whether a reminder waits for its time. */
  isReminded: boolean;
};

export function LinkMenuItems(link: LinkOfMenu) {
  const { id, username, state, letterState, canMail, isReminded } = link;
  const [asks, setAsks] = useState<"renew" | "send" | "revoke" | null>(null);
  const { isBusy, run } = useAction();
  const close = () => setAsks(null);
  const isOpen = state !== "signed_in" && state !== "expired";
  const ending = isOpen ? "Revoke" : "Remove";
  // Earlier than it would go out by itself; it is the only one.
  const remind = () =>
    run(
      () => remindOfSignInLinkAction({ id }),
      () => notifySuccess(`The reminder goes to ${username} now.`),
    );
  return (
    <>
      <OpenMenu label={`Actions for the link of ${username}`} width={200} isBusy={isBusy}>
        {isOpen && isReminded && letterState === "sent" && (
          <Menu.Item leftSection={<IconBell size={16} />} onClick={remind}>
            Remind now
          </Menu.Item>
        )}
        {state !== "signed_in" && canMail && letterState !== "waiting" && (
          <Menu.Item leftSection={<IconSend size={16} />} onClick={() => setAsks("send")}>
            {letterState === null ? "Send by mail" : "Send again"}
          </Menu.Item>
        )}
        {state !== "signed_in" && (
          <Menu.Item leftSection={<IconLink size={16} />} onClick={() => setAsks("renew")}>
            New link
          </Menu.Item>
        )}
        <Menu.Item
          c="var(--mantine-color-error)"
          leftSection={<IconTrash size={16} />}
          onClick={() => setAsks("revoke")}
        >
          {ending}
        </Menu.Item>
      </OpenMenu>
      {asks === "renew" && <RenewDialog link={link} onClose={close} />}
      {asks === "send" && <SendDialog link={link} onClose={close} />}
      {asks === "revoke" && <RevokeDialog link={link} ending={ending} onClose={close} />}
    </>
  );
}

type DialogProps = { link: LinkOfMenu; onClose: () => void };

function RenewDialog({ link: { id, username, cloudProviderId }, onClose }: DialogProps) {
  return (
    <ConfirmDialog
      title={`Create a new link for ${username}?`}
      confirmLabel="Create link"
      action={() => createSignInLinksAction({ cloudProviderId, usernames: [username] })}
      onSuccess={(links) => {
        dropKept(SELECTED, id);
        onClose();
        showOnce(<LinksDialog links={links} />);
      }}
      onClose={onClose}
    >
      <Text size="sm">The link that you sent before stops working.</Text>
    </ConfirmDialog>
  );
}

function SendDialog({ link: { id, username }, onClose }: DialogProps) {
  return (
    <ConfirmDialog
      title={`Send a new link to ${username}?`}
      confirmLabel="Send link"
      action={() => sendSignInLinkAgainAction({ id })}
      onSuccess={() => {
        dropKept(SELECTED, id);
        notifySuccess(`A new link goes to ${username} by mail.`);
        onClose();
      }}
      onClose={onClose}
    >
      <Text size="sm">
        Postkey creates a new link and sends it by mail. The link before stops working.
      </Text>
    </ConfirmDialog>
  );
}

function RevokeDialog({ link, ending, onClose }: DialogProps & { ending: "Revoke" | "Remove" }) {
  const { id, username } = link;
  const isRevoked = ending === "Revoke";
  return (
    <ConfirmDialog
      title={`${ending} the link for ${username}?`}
      confirmLabel={ending}
      isDangerous={isRevoked}
      action={() =>
        revokeSignInLinksAction({ selection: { links: "selected", signInLinkIds: [id] } })
      }
      onSuccess={() => {
        dropKept(SELECTED, id);
        notifySuccess(`The link for ${username} was ${isRevoked ? "revoked" : "removed"}.`);
        onClose();
      }}
      onClose={onClose}
    >
      <Text size="sm">
        {isRevoked
          ? "Anyone who opens it sees that it no longer works."
          : "It is removed from this list. The sign-in stays."}
      </Text>
    </ConfirmDialog>
  );
}
