"use client";

import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { Can } from "@/components/can";
import { CopyField } from "@/components/copy-field";
import { Dialog } from "@/components/dialog";
import { useAction } from "@/components/use-action";
import { createPasswordLinkAction, mailPasswordLinkAction } from "../actions";
import { MailLink } from "../mail-link";

type PasswordLinkButtonProps = { id: string; name: string; email: string; canMail: boolean };

export function PasswordLinkButton({ id, name, email, canMail }: PasswordLinkButtonProps) {
  const [link, setLink] = useState<string | null>(null);
  const { isBusy, run } = useAction();
  const create = () =>
    run(
      () => createPasswordLinkAction({ administratorId: id }),
      (created) => setLink(created.link),
    );
  const close = () => setLink(null);
  return (
    <Can permission="administrators:write">
      <Button variant="default" size="xs" onClick={create} loading={isBusy}>
        Create a password link
      </Button>
      {link !== null && (
        <Dialog
          title="One-time link"
          staysOpen
          onClose={close}
          buttons={<Button onClick={close}>Done</Button>}
        >
          <Text size="sm">
            Give this link to {name}. It works once, within a day, and is not shown again. Anyone
            who opens it can choose the password and sign in as {name}. Until then the old password
            keeps working.
          </Text>
          <CopyField label="Link" value={link} />
          <MailLink
            canMail={canMail}
            link={link}
            to={email}
            action={({ token }) => mailPasswordLinkAction({ token })}
          />
        </Dialog>
      )}
    </Can>
  );
}
