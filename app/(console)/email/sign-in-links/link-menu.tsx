"use client";

import { IconBell, IconLink, IconSend, IconTrash } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { type Act, act } from "@/components/acts";
import { notifySuccess } from "@/components/notify";
import { RowMenu } from "@/components/row-menu";
import { dropKept } from "@/components/row-selection";
import { showOnce } from "@/components/shown-once";
import type { SignInLinkRow } from "@/lib/sign-ins/links/schema";
import { createLinksAction } from "../accounts/actions";
import {
  remindOfSignInLinkAction,
  revokeSignInLinksAction,
  sendSignInLinkAgainAction,
} from "./actions";
import { SELECTED } from "./selected";

const LinksDialog = dynamic(() => import("./links-dialog").then((module) => module.LinksDialog));

type LinkMenuProps = Pick<SignInLinkRow, "id" | "username" | "cloudProviderId" | "state"> & {
  canMail: boolean;
  letterState: NonNullable<SignInLinkRow["mail"]>["letter"]["state"] | null;
  isReminded: boolean;
};

export function LinkMenu(link: LinkMenuProps) {
  const { id, username, state, letterState, canMail, isReminded } = link;
  const isSignedIn = state === "signed_in";
  const isOpen = !isSignedIn && state !== "expired";
  return (
    <RowMenu
      label={`Actions for the link of ${username}`}
      needs="authorizations:write"
      items={[
        isOpen &&
          isReminded &&
          letterState === "sent" && {
            label: "Remind now",
            icon: IconBell,
            run: act(
              () => remindOfSignInLinkAction({ id }),
              `The reminder goes to ${username} now.`,
            ),
          },
        !isSignedIn &&
          canMail &&
          letterState !== "waiting" && {
            label: letterState === null ? "Send by mail" : "Send again",
            icon: IconSend,
            confirm: {
              title: `Send a new link to ${username}?`,
              label: "Send link",
              text: "Postkey creates a new link and sends it by mail. The link before stops working.",
            },
            run: act(
              () => sendSignInLinkAgainAction({ id }),
              () => {
                dropKept(SELECTED, id);
                notifySuccess(`A new link is being sent to ${username}.`);
              },
            ),
          },
        !isSignedIn && renewing(link),
        ending(link, isOpen),
      ]}
    />
  );
}

function renewing({ id, username, cloudProviderId }: LinkMenuProps): Act {
  return {
    label: "New link",
    icon: IconLink,
    confirm: {
      title: `Create a new link for ${username}?`,
      label: "Create link",
      text: "The link that you sent before stops working.",
    },
    run: act(
      () => createLinksAction({ of: { cloudProviderId, usernames: [username] }, replaces: true }),
      (links) => {
        dropKept(SELECTED, id);
        showOnce(<LinksDialog links={links} />);
      },
    ),
  };
}

function ending({ id, username }: LinkMenuProps, isOpen: boolean): Act {
  const label = isOpen ? "Revoke" : "Remove";
  return {
    label,
    icon: IconTrash,
    isDangerous: isOpen,
    confirm: {
      title: `${label} the link for ${username}?`,
      text: isOpen
        ? "Anyone who opens it sees that it no longer works."
        : "It is removed from this list. The sign-in stays.",
    },
    run: act(
      () => revokeSignInLinksAction({ selection: { links: "selected", signInLinkIds: [id] } }),
      () => {
        dropKept(SELECTED, id);
        notifySuccess(`The link for ${username} was ${isOpen ? "revoked" : "removed"}.`);
      },
    ),
  };
}
