"use client";

import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { AddButton } from "@/components/add-button";
import { CopyField } from "@/components/copy-field";
import { Dialog } from "@/components/dialog";
import { useAction } from "@/components/use-action";
import { inviteAdministratorAction, mailInvitationAction } from "./actions";
import { MailLink } from "./mail-link";

export function InviteButton({ canMail }: { canMail: boolean }) {
  const [link, setLink] = useState<string | null>(null);
  const { isBusy, run } = useAction();
  const invite = () =>
    run(
      () => inviteAdministratorAction({}),
      (invited) => setLink(invited.link),
    );
  const close = () => setLink(null);
  return (
    <>
      <AddButton label="Invite an administrator" isBusy={isBusy} onClick={invite} />
      {link !== null && (
        <Dialog
          title="One-time link"
          staysOpen
          onClose={close}
          buttons={<Button onClick={close}>Done</Button>}
        >
          <Text size="sm">
            Give this link to the person. It works once, within a day, and is not shown again.
            Anyone who opens it can choose a name and a password.
          </Text>
          <CopyField label="Link" value={link} />
          <MailLink canMail={canMail} link={link} to={null} action={mailInvitationAction} />
        </Dialog>
      )}
    </>
  );
}
