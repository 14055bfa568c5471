"use client";

import { Group } from "@mantine/core";
import { ActButton } from "@/components/act-button";
import { act } from "@/components/acts";
import { Can } from "@/components/can";
import { showOnce } from "@/components/shown-once-store";
import type { InvitationRow } from "@/lib/people/links/schema";
import { renewInvitationAction, revokeInvitationAction } from "./actions";
import { InvitationLink } from "./mail-link";

type InvitationButtonsProps = {
  invitation: Pick<InvitationRow, "id" | "email" | "isExpired">;
  name: string;
  canMail: boolean;
};

export function InvitationButtons({ invitation, name, canMail }: InvitationButtonsProps) {
  const { id, email, isExpired } = invitation;
  return (
    <Can permission="administrators:write">
      <Group gap={4} justify="flex-end">
        <ActButton
          size="xs"
          aria-label={isExpired ? `Invite again: ${name}` : `New link for ${name}`}
          label={isExpired ? "Invite again" : "New link"}
          run={act(
            () => renewInvitationAction({ id }),
            ({ link }) =>
              showOnce(<InvitationLink link={link} email={email ?? ""} canMail={canMail} />),
          )}
        />
        <ActButton
          size="xs"
          aria-label={
            isExpired
              ? `Remove the expired invitation for ${name}`
              : `Revoke the invitation for ${name}`
          }
          label={isExpired ? "Remove" : "Revoke"}
          run={act(
            () => revokeInvitationAction({ id }),
            isExpired
              ? "The expired invitation was removed."
              : "The invitation was revoked. Its link no longer works.",
          )}
        />
      </Group>
    </Can>
  );
}
