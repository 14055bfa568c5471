"use client";

import { Text } from "@mantine/core";
import { ActButton } from "@/components/act-button";
import { act } from "@/components/acts";
import { CopyField } from "@/components/copy-field";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import { showOnce } from "@/components/shown-once-store";
import {
  createPasswordLinkAction,
  endSessionsOfAction,
  mailPasswordLinkAction,
  removeFactorsOfAction,
} from "../actions";
import { MailLink } from "../mail-link";

type Person = { id: string; name: string };

export function EndSessionsButton({ id, name }: Person) {
  return (
    <ActButton
      size="xs"
      label="End all sessions"
      needs="administrators:write"
      run={act(
        () => endSessionsOfAction({ administratorId: id }),
        `${name} is signed out everywhere.`,
      )}
    />
  );
}

export function RemoveFactorsButton({ id, name }: Person) {
  return (
    <ActButton
      size="xs"
      label="Remove second factors"
      needs="administrators:write"
      isDangerous
      confirm={{
        title: `Remove the second factors of ${name}?`,
        label: "Remove",
        text: `For a lost phone: the authenticator app, the recovery codes and the passkeys stop working, and all sessions end. Make sure that it is ${name} who asks you for this.`,
      }}
      run={act(
        () => removeFactorsOfAction({ administratorId: id }),
        `The second factors of ${name} were removed. Where the role needs one, it is set up at the next sign-in.`,
      )}
    />
  );
}

type PasswordLinkButtonProps = Person & {
  email: string;
  canMail: boolean;
  isAskedForFactor: boolean;
};

export function PasswordLinkButton({ id, ...person }: PasswordLinkButtonProps) {
  return (
    <ActButton
      size="xs"
      label="Create a password link"
      needs="administrators:write"
      run={act(
        () => createPasswordLinkAction({ administratorId: id }),
        ({ link }) => showOnce(<PasswordLink link={link} {...person} />),
      )}
    />
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
