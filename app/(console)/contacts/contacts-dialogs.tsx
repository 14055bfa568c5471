import { List, ListItem, Text } from "@mantine/core";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import type { z } from "zod";
import { useTypedCount } from "@/components/confirm-dialog";
import { SelectField, TextField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { InlineLink } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import {
  type ContactRow,
  createContactSchema,
  deleteContactsSchema,
  mergeContactsSchema,
  moveContactsSchema,
  updateContactSchema,
} from "@/lib/contacts/schema";
import type { Choice } from "@/lib/kernel/choices/schema";
import { pick } from "@/lib/kernel/pick";
import { listed } from "@/lib/kernel/text/schema";
import {
  createContactAction,
  deleteContactsAction,
  mergeContactsAction,
  moveContactsAction,
  updateContactAction,
} from "./actions";
import { useContactLists } from "./contact-lists";
import { ListField } from "./list-field";

type ContactsDialogProps = { contacts: ContactRow[]; onDone?: () => void };

const versionsOf = (contacts: ContactRow[]) =>
  contacts.map((contact) => pick(contact, ["id", "version"]));

function inWords(contacts: ContactRow[]): string {
  const [first] = contacts;
  return contacts.length === 1 && first ? first.email : `${contacts.length} contacts`;
}

const telling = (text: string, onDone: () => void = () => {}) => {
  return () => {
    notifySuccess(text);
    onDone();
  };
};

export function MoveContactsDialog({ contacts, onDone }: ContactsDialogProps) {
  const from = contacts[0]?.contactListId;
  const to = useContactLists().found.find(({ id }) => id !== from);
  return (
    <FormDialog
      title={`Move ${inWords(contacts)}`}
      submitLabel="Move"
      schema={moveContactsSchema}
      defaultValues={{ contacts: versionsOf(contacts), contactListId: to?.id ?? from ?? "" }}
      action={moveContactsAction}
      done={telling(`${inWords(contacts)} moved.`, onDone)}
    >
      <ListField<z.input<typeof moveContactsSchema>>
        name="contactListId"
        label="To the list"
        autoFocus
        chosen={to ?? null}
      />
    </FormDialog>
  );
}

export function DeleteContactsDialog({ contacts, onDone }: ContactsDialogProps) {
  const { field, isTyped } = useTypedCount(contacts.length);
  const emails = contacts.map(({ email }) => email);
  return (
    <FormDialog
      title={`Delete ${inWords(contacts)}?`}
      submitLabel="Delete"
      isDangerous
      isDisabled={!isTyped}
      schema={deleteContactsSchema}
      defaultValues={{ contacts: versionsOf(contacts) }}
      action={deleteContactsAction}
      done={telling(`${inWords(contacts)} deleted.`, onDone)}
    >
      <Text style={{ overflowWrap: "anywhere" }}>{listed(emails, emails.length, 5)}</Text>
      <Text>
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

type Merge = z.input<typeof mergeContactsSchema>;

export function MergeContactsDialog({ contacts, onDone }: ContactsDialogProps) {
  const names = [...new Set(contacts.map(({ name }) => name).filter(Boolean))];
  return (
    <FormDialog
      title={`Merge ${inWords(contacts)}`}
      submitLabel={`Merge and delete ${contacts.length - 1}`}
      isDangerous
      schema={mergeContactsSchema}
      defaultValues={{
        contacts: versionsOf(contacts),
        keepId: contacts[0]?.id ?? "",
        name: names[0] ?? "",
      }}
      action={mergeContactsAction}
      done={telling(`Merged ${inWords(contacts)} into one.`, onDone)}
    >
      <SelectField<Merge>
        name="keepId"
        label="Address to keep"
        description="Keeps its list, with the earliest first-seen and latest last-seen dates."
        data-autofocus
        data={contacts.map(({ id, email, listName }) => ({
          value: id,
          label: `${email} (${listName})`,
        }))}
      />
      <TextField<Merge>
        name="name"
        label="Name"
        description={names.length > 1 ? `Names found: ${names.join(", ")}.` : undefined}
      />
      <Deleted among={contacts} />
    </FormDialog>
  );
}

function Deleted({ among }: { among: ContactRow[] }) {
  const keepId = useWatch<Merge, "keepId">({ name: "keepId" });
  const contacts = among.filter(({ id }) => id !== keepId);
  return (
    <div>
      <Text fw={600}>
        {contacts.length === 1 ? "This contact is deleted:" : "These contacts are deleted:"}
      </Text>
      <List size="sm" mah="12rem" my={4} style={{ overflowY: "auto" }}>
        {contacts.map(({ id, email, name, listName }) => (
          <ListItem key={id}>
            {name ? `${name}, ${email}` : email} ({listName})
          </ListItem>
        ))}
      </List>
      <Text>A new message from one of these addresses creates a new contact.</Text>
    </div>
  );
}

type ContactValues = z.input<typeof createContactSchema>;

/** `contact` is left out for a new one. */
export function ContactDialog({ list, contact }: { list: Choice; contact?: ContactRow }) {
  const [edited] = useState(contact && pick(contact, ["id", "version"]));
  const { name = "", email = "" } = contact ?? {};
  return (
    <FormDialog<ContactValues, unknown>
      title={edited ? `Edit ${email}` : "New contact"}
      submitLabel={edited ? "Save" : "Add contact"}
      schema={edited ? updateContactSchema : createContactSchema}
      defaultValues={{ ...edited, contactListId: list.id, name, email }}
      action={(values) =>
        edited ? updateContactAction({ ...values, ...edited }) : createContactAction(values)
      }
      done={edited ? "Saved." : "The contact was added."}
    >
      <TextField<ContactValues>
        name="email"
        label="Email address"
        type="email"
        data-autofocus
        withAsterisk
      />
      <TextField<ContactValues> name="name" label="Name" />
      <ListField<ContactValues> name="contactListId" chosen={list} />
    </FormDialog>
  );
}
