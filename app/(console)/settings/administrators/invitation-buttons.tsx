"use client";

import { Button, Group } from "@mantine/core";
import { Can } from "@/components/can";
import { notifySuccess } from "@/components/notify";
import { showOnce } from "@/components/shown-once-store";
import { useAction } from "@/components/use-action";
import type { InvitationRow } from "@/lib/access/invitations/schema";
import { renewInvitationAction, revokeInvitationAction } from "./actions";
import { InvitationLink } from "./invitation-link";

/** Whose link works, and whose does so no more. */
const OPEN = {
  renew: "New link",
  renewFor: (name: string) => `New link for ${name}`,
  end: "Revoke",
  endFor: (name: string) => `Revoke the invitation for ${name}`,
  ended: "The invitation was revoked. Its link no longer works.",
};
const EXPIRED: typeof OPEN = {
  renew: "Invite again",
  renewFor: (name) => `Invite again: ${name}`,
  end: "Remove",
  endFor: (name) => `Remove the expired invitation for ${name}`,
  ended: "The expired invitation was removed.",
};

type InvitationButtonsProps = {
  invitation: Pick<InvitationRow, "id" | "email" | "isExpired">;
  name: string;
  canMail: boolean;
};

/** What can be done about an unused invitation. */
export function InvitationButtons({ invitation, name, canMail }: InvitationButtonsProps) {
  const { id, email, isExpired } = invitation;
  const words = isExpired ? EXPIRED : OPEN;
  const { isBusy, run } = useAction();
  const renew = () =>
    run(
      () => renewInvitationAction({ id }),
      ({ link }) =>
        showOnce(<InvitationLink made={{ link, email: email ?? "" }} canMail={canMail} />),
    );
  const end = () =>
    run(
      () => revokeInvitationAction({ id }),
      () => notifySuccess(words.ended),
    );
  const look = { size: "xs", variant: "default", loading: isBusy } as const;
  return (
    <Can permission="administrators:write">
      <Group gap={4} justify="flex-end">
        <Button {...look} aria-label={words.renewFor(name)} onClick={renew}>
          {words.renew}
        </Button>
        <Button {...look} aria-label={words.endFor(name)} onClick={end}>
          {words.end}
        </Button>
      </Group>
    </Can>
  );
}
