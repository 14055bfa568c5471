"use client";

import { Button, Group } from "@mantine/core";
import { Can } from "@/components/can";
import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import { renewInvitationAction, revokeInvitationAction } from "./actions";
import { useShowLink } from "./shows-link";

type InvitationButtonsProps = { id: string; name: string; email: string | null };

/** What can be done about an unused invitation. */
export function InvitationButtons({ id, name, email }: InvitationButtonsProps) {
  const show = useShowLink();
  const { isBusy, run } = useAction();
  const renew = () =>
    run(
      () => renewInvitationAction({ id }),
      ({ link }) => show({ link, email: email ?? "" }),
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
