"use client";

import { Button, Group } from "@mantine/core";
import { Can } from "@/components/can";
import { notifySuccess } from "@/components/notify";
import { showOnce } from "@/components/shown-once-store";
import { useAction } from "@/components/use-action";
import { renewInvitationAction, revokeInvitationAction } from "./actions";
import { InvitationLink } from "./invitation-link";

type InvitationButtonsProps = { id: string; name: string; email: string | null; canMail: boolean };

/** What can be done about an unused invitation. */
export function InvitationButtons({ id, name, email, canMail }: InvitationButtonsProps) {
  const { isBusy, run } = useAction();
  const renew = () =>
    run(
      () => renewInvitationAction({ id }),
      ({ link }) =>
        showOnce(<InvitationLink made={{ link, email: email ?? "" }} canMail={canMail} />),
    );
  const revoke = () =>
    run(
      () => revokeInvitationAction({ id }),
      () => notifySuccess("The invitation was revoked. Its link no longer works."),
    );
  const look = { size: "xs", variant: "default", loading: isBusy } as const;
  return (
    <Can permission="administrators:write">
      <Group gap={4} wrap="nowrap" justify="flex-end">
        <Button {...look} aria-label={`New link for ${name}`} onClick={renew}>
          New link
        </Button>
        <Button {...look} aria-label={`Revoke the invitation for ${name}`} onClick={revoke}>
          Revoke
        </Button>
      </Group>
    </Can>
  );
}
