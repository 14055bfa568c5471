"use client";

import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { Can } from "@/components/can";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import type { SignInLinkRow } from "@/lib/sign-ins/links/schema";
import {
  createSignInLinksAction,
  remindOfSignInLinkAction,
  revokeSignInLinksAction,
  sendSignInLinkAgainAction,
} from "./actions";
import { useShowNewLinks } from "./shows-new-links";

type LinkButtonsProps = Pick<
  SignInLinkRow,
  "id" | "username" | "cloudProviderId" | "state" | "mail"
> & { canMail: boolean };

/** What can be done about one link. */
export function LinkButtons(link: LinkButtonsProps) {
  const { username, state, mail, canMail } = link;
  const [asks, setAsks] = useState<"renew" | "send" | "revoke" | null>(null);
  const close = () => setAsks(null);
  const ending = state === "signed_in" || state === "expired" ? "Remove" : "Revoke";
  return (
    <Can permission="authorizations:write">
      <Group gap={4} justify="flex-end">
        {state !== "signed_in" &&
          state !== "expired" &&
          mail?.remindsAt &&
          mail.letter.state === "sent" && <RemindButton {...link} />}
        {state !== "signed_in" && canMail && mail?.letter.state !== "waiting" && (
          <Button
            size="xs"
            variant="default"
            aria-label={`${mail ? "Send again" : "Send by mail"} to ${username}`}
            onClick={() => setAsks("send")}
          >
            {mail ? "Send again" : "Send by mail"}
          </Button>
        )}
        {state !== "signed_in" && (
          <Button
            size="xs"
            variant="default"
            aria-label={`New link for ${username}`}
            onClick={() => setAsks("renew")}
          >
            New link
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          aria-label={`${ending} the link for ${username}`}
          onClick={() => setAsks("revoke")}
        >
          {ending}
        </Button>
        {asks === "renew" && <RenewDialog link={link} onClose={close} />}
        {asks === "send" && <SendDialog link={link} onClose={close} />}
        {asks === "revoke" && <RevokeDialog link={link} ending={ending} onClose={close} />}
      </Group>
    </Can>
  );
}

type DialogProps = { link: LinkButtonsProps; onClose: () => void };

function RenewDialog({ link: { username, cloudProviderId }, onClose }: DialogProps) {
  const show = useShowNewLinks();
  return (
    <ConfirmDialog
      title={`Create a new link for ${username}?`}
      confirmLabel="Create link"
      action={() => createSignInLinksAction({ cloudProviderId, usernames: [username] })}
      onSuccess={(links) => {
        show(links);
        onClose();
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

/** Earlier than it would go out by itself; it is the only one. */
function RemindButton({ id, username }: LinkButtonsProps) {
  const { isBusy, run } = useAction();
  return (
    <Button
      size="xs"
      variant="default"
      loading={isBusy}
      aria-label={`Remind now: ${username}`}
      onClick={() =>
        run(
          () => remindOfSignInLinkAction({ id }),
          () => notifySuccess(`The reminder goes to ${username} now.`),
        )
      }
    >
      Remind now
    </Button>
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
