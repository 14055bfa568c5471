"use client";

import { useState } from "react";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { TextField } from "@/components/text-fields";
import { createContactListSchema, renameContactListSchema } from "@/lib/contacts/lists/schema";
import { createContactListAction, renameContactListAction } from "./actions";

type ListDialogProps = {
  /** Left out for a new one. */
  list?: { id: string; name: string; version: number };
  onClose: () => void;
};

export function ListDialog({ list, onClose }: ListDialogProps) {
  const [edited] = useState(list && { id: list.id, name: list.name, version: list.version });
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
      onClose={onClose}
    >
      <TextField<{ name: string }> name="name" label="Name" data-autofocus withAsterisk />
    </FormDialog>
  );
}
