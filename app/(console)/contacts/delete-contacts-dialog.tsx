"use client";

import { Text } from "@mantine/core";
import { FormDialog } from "@/components/form-dialog";
import { InlineLink } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useTypedCount } from "@/components/use-typed-count";
import { type ContactRow, deleteContactsSchema } from "@/lib/contacts/schema";
import { deleteContactsAction } from "./actions";
import { inWords, versionsOf } from "./selected";

type DeleteContactsDialogProps = {
  contacts: ContactRow[];
  onDone?: () => void;
  onClose: () => void;
};

const NAMED = 5;

export function DeleteContactsDialog({ contacts, onDone, onClose }: DeleteContactsDialogProps) {
  const { field, isTyped } = useTypedCount(contacts.length);
  const more = contacts.length - NAMED;
  return (
    <FormDialog
      title={`Delete ${inWords(contacts)}?`}
      submitLabel="Delete"
      isDangerous
      isDisabled={!isTyped}
      schema={deleteContactsSchema}
      defaultValues={{ contacts: versionsOf(contacts) }}
      action={deleteContactsAction}
      done={() => {
        notifySuccess(`${inWords(contacts)} deleted.`);
        onDone?.();
      }}
      onClose={onClose}
    >
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {contacts
          .slice(0, NAMED)
          .map(({ email }) => email)
          .join(", ")}
        {more > 0 && ` and ${more} more`}
      </Text>
      <Text size="sm">
        If they write to an account that saves new senders, they become contacts again. To forget
        someone for good, erase them under{" "}
        <InlineLink href={routes.personalData(contacts.length === 1 ? contacts[0]?.id : undefined)}>
          Personal data
        </InlineLink>{" "}
        instead.
      </Text>
      {field}
    </FormDialog>
  );
}
