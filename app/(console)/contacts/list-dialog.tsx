import { Skeleton, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import type { z } from "zod";
import { TextField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { useAnswer } from "@/components/use-action";
import {
  type ContactListUse,
  createContactListSchema,
  deleteContactListSchema,
  renameContactListSchema,
} from "@/lib/contacts/lists/schema";
import { pick } from "@/lib/kernel/pick";
import { counted } from "@/lib/kernel/text/schema";
import {
  createContactListAction,
  deleteContactListAction,
  findContactListUseAction,
  renameContactListAction,
} from "./actions";
import { useContactLists } from "./contact-lists";
import { ListField } from "./list-field";

/** @param list left out for a new one */
export function ListDialog({ list }: { list?: { id: string; name: string; version: number } }) {
  const [edited] = useState(list && pick(list, ["id", "name", "version"]));
  return (
    <FormDialog<{ name: string }, unknown>
      title={edited ? `Rename ${edited.name}` : "New list"}
      submitLabel={edited ? "Save" : "Create list"}
      schema={edited ? renameContactListSchema : createContactListSchema}
      defaultValues={edited ?? { name: "" }}
      action={(values) =>
        edited ? renameContactListAction({ ...edited, ...values }) : createContactListAction(values)
      }
      done={(_, { name }) =>
        notifySuccess(edited ? "Saved." : `The list ${name.trim()} was created.`)
      }
    >
      <TextField<{ name: string }> name="name" label="Name" data-autofocus withAsterisk />
    </FormDialog>
  );
}

type Values = z.input<typeof deleteContactListSchema>;

export function DeleteListDialog({ id, name }: { id: string; name: string }) {
  const router = useRouter();
  const { data: use } = useAnswer(() => findContactListUseAction({ id }));
  const isInUse = use ? use.contactCount + use.accountCount > 0 : false;
  const hasOther = useContactLists().found.some((list) => list.id !== id);
  return (
    <FormDialog
      title={`Delete the list ${name}?`}
      submitLabel="Delete"
      isDangerous
      schema={deleteContactListSchema}
      defaultValues={{ id, moveTo: null }}
      action={deleteContactListAction}
      done={() => {
        notifySuccess(`The list ${name} was deleted.`);
        router.push("/contacts");
      }}
    >
      {use ? <WhatStops use={use} /> : <Skeleton height={44} />}
      {isInUse && hasOther && (
        <ListField<Values>
          name="moveTo"
          label="Move contacts and accounts to"
          none="No other list"
          except={id}
          chosen={null}
        />
      )}
    </FormDialog>
  );
}

function WhatStops({ use }: { use: ContactListUse }) {
  const moveTo = useWatch<Values, "moveTo">({ name: "moveTo" });
  return <Text>{moveTo ? movedText(use) : whatStops(use)}</Text>;
}

function whatStops({ contactCount, accountCount, accountNames }: ContactListUse): string {
  const contacts =
    contactCount === 0
      ? "The list has no contacts."
      : `${counted(contactCount, "contact")} will be deleted.`;
  if (accountCount === 0) return `${contacts} No email account saves to it.`;
  const named = accountNames.map((each) => `“${each}”`);
  const more = accountCount - accountNames.length;
  if (more > 0) named.push(`${more} more`);
  const listed = new Intl.ListFormat("en", { type: "conjunction" }).format(named);
  return `${contacts} ${listed} ${accountCount === 1 ? "stops" : "stop"} saving new senders.`;
}

function movedText({ contactCount, accountCount }: ContactListUse): string {
  return `${counted(contactCount, "contact")} and ${counted(accountCount, "email account")} move to that list. No account stops saving.`;
}
