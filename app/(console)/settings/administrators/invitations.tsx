"use client";

import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { ActButton, act } from "@/components/acts";
import { Can } from "@/components/can";
import { CopyField } from "@/components/copy-field";
import { TextField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { NoLetterChannel } from "@/components/no-letter-channel";
import { showOnce } from "@/components/shown-once";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import { useAction } from "@/components/use-action";
import type { ActionResult } from "@/lib/http/schema";
import { emailAddressSchema } from "@/lib/kernel/fields/schema";
import { type Invite, inviteSchema } from "@/lib/people/administrators/schema";
import type { InvitationRow } from "@/lib/people/links/schema";
import {
  inviteAdministratorAction,
  mailInvitationAction,
  renewInvitationAction,
  revokeInvitationAction,
} from "./actions";
import { RoleField } from "./roles";

type MailLinkProps = {
  canMail: boolean;
  link: string;
  to: string | null;
  action: (input: { token: string; address: string }) => Promise<ActionResult<{ address: string }>>;
};

export function MailLink({ canMail, link, to, action }: MailLinkProps) {
  const [address, setAddress] = useState(to ?? "");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { isBusy, run } = useAction();
  if (!canMail)
    return (
      <Text c="dimmed">
        <NoLetterChannel />
      </Text>
    );
  if (sentTo !== null) return <Text role="status">The link is being sent to {sentTo}.</Text>;
  const token = link.slice(link.indexOf("#") + 1);
  const send = () => {
    const wrong = emailAddressSchema.safeParse(address).error?.issues[0]?.message ?? null;
    setProblem(wrong);
    if (wrong === null)
      run(
        () => action({ token, address }),
        (sent) => setSentTo(sent.address),
      );
  };
  return (
    <Group align={problem ? "center" : "flex-end"} gap="xs">
      {to === null && (
        <TextInput
          label="Email address"
          type="email"
          autoComplete="off"
          flex={1}
          miw={200}
          value={address}
          error={problem}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
      )}
      <Button
        variant="default"
        leftSection={<IconSend size={16} />}
        loading={isBusy}
        onClick={send}
      >
        Send by mail
      </Button>
    </Group>
  );
}

type InvitationLinkProps = {
  link: string;
  /** Empty if anyone with the link may use it. */
  email: string;
  canMail: boolean;
};

export function InvitationLink({ link, email, canMail }: InvitationLinkProps) {
  return (
    <ShownOnceDialog title="One-time link">
      <Text>
        Give this link to the person. It works once, within a day, and is not shown again. Anyone
        who has it can join{email && ` as ${email}`} with that role.
      </Text>
      <CopyField label="Link" value={link} />
      <Can permission="administrators:write">
        <MailLink canMail={canMail} link={link} to={email || null} action={mailInvitationAction} />
      </Can>
    </ShownOnceDialog>
  );
}

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

type InviteDialogProps = { deciders: readonly string[]; canMail: boolean };

const OR = { type: "disjunction" } as const;

export function InviteDialog({ deciders, canMail }: InviteDialogProps) {
  return (
    <FormDialog
      title="Invite a person"
      submitLabel="Create link"
      schema={inviteSchema}
      defaultValues={{ role: "operator", email: "", name: "" }}
      action={inviteAdministratorAction}
      done={({ link }, { email = "" }) =>
        showOnce(<InvitationLink link={link} email={email} canMail={canMail} />)
      }
    >
      <RoleField />
      {deciders.length > 0 && (
        <Text>
          Who joins with an account of {new Intl.ListFormat("en", OR).format(deciders)} gets the
          role that their groups there give, not this one. Make sure that they are in such a group.
        </Text>
      )}
      <TextField<Invite>
        name="email"
        label="Email"
        description="If you enter it, the link can be used with this address only."
        type="email"
      />
      <TextField<Invite> name="name" label="Name" description="The person can change it." />
    </FormDialog>
  );
}
