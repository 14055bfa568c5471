"use client";

import { Button, Text } from "@mantine/core";
import { Can } from "@/components/can";
import { CopyField } from "@/components/copy-field";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import { showOnce } from "@/components/shown-once-store";
import { useAction } from "@/components/use-action";
import { createPasswordLinkAction, mailPasswordLinkAction } from "../actions";
import { MailLink } from "../mail-link";

type PasswordLinkButtonProps = {
  id: string;
  name: string;
  email: string;
  canMail: boolean;
  /** Whether a second factor is asked for after the new password. */
  isAskedForFactor: boolean;
};

export function PasswordLinkButton({ id, ...person }: PasswordLinkButtonProps) {
  const { isBusy, run } = useAction();
  const create = () =>
    run(
      () => createPasswordLinkAction({ administratorId: id }),
      ({ link }) => showOnce(<PasswordLink link={link} {...person} />),
    );
  return (
    <Can permission="administrators:write">
      <Button variant="default" size="xs" onClick={create} loading={isBusy}>
        Create a password link
      </Button>
    </Can>
  );
}

type PasswordLinkProps = Omit<PasswordLinkButtonProps, "id"> & { link: string };

function PasswordLink({ link, name, email, canMail, isAskedForFactor }: PasswordLinkProps) {
  return (
    <ShownOnceDialog title="One-time link">
      <Text size="sm">
        Give this link to {name}. It works once, within a day, and is not shown again. Anyone who
        opens it can choose the password
        {isAskedForFactor
          ? "; to sign in, they also need the second factor of "
          : " and sign in as "}
        {name}. Until then the old password keeps working.
      </Text>
      <CopyField label="Link" value={link} />
      <MailLink
        canMail={canMail}
        link={link}
        to={email}
        action={({ token }) => mailPasswordLinkAction({ token })}
      />
    </ShownOnceDialog>
  );
}
