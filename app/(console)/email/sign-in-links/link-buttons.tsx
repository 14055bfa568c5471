"use client";

import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import type { NewSignInLink, SignInLinkRow } from "@/lib/sign-ins/links/schema";
import { createSignInLinksAction, revokeSignInLinksAction } from "./actions";
import { LinksDialog } from "./links-dialog";

type LinkButtonsProps = Pick<SignInLinkRow, "id" | "username" | "cloudProviderId" | "state">;

/** What can be done about one link. */
export function LinkButtons({ id, username, cloudProviderId, state }: LinkButtonsProps) {
  const [made, setMade] = useState<readonly NewSignInLink[] | null>(null);
  const [isRevoking, setRevoking] = useState(false);
  const { isBusy, run } = useAction();
  const renew = () =>
    run(() => createSignInLinksAction({ cloudProviderId, usernames: [username] }), setMade);
  const isOpen = state !== "signed_in" && state !== "expired";
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {state !== "signed_in" && (
        <Button
          size="xs"
          variant="default"
          loading={isBusy}
          aria-label={`New link for ${username}`}
          onClick={renew}
        >
          New link
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        aria-label={`${isOpen ? "Revoke" : "Remove"} the link for ${username}`}
        onClick={() => setRevoking(true)}
      >
        {isOpen ? "Revoke" : "Remove"}
      </Button>
      {made && <LinksDialog links={made} onClose={() => setMade(null)} />}
      {isRevoking && (
        <ConfirmDialog
          title={`${isOpen ? "Revoke" : "Remove"} the link for ${username}?`}
          confirmLabel={isOpen ? "Revoke" : "Remove"}
          isDangerous={isOpen}
          action={() => revokeSignInLinksAction({ ids: [id] })}
          onSuccess={() => {
            notifySuccess(`The link for ${username} was ${isOpen ? "revoked" : "removed"}.`);
            setRevoking(false);
          }}
          onClose={() => setRevoking(false)}
        >
          <Text size="sm">
            {isOpen
              ? "Whoever opens it is told that it no longer works."
              : "It is removed from this list. The sign-in stays."}
          </Text>
        </ConfirmDialog>
      )}
    </Group>
  );
}
