"use client";

import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { AddButton } from "@/components/add-button";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { createContactListSchema } from "@/lib/contacts/lists/schema";
import { createContactListAction } from "./actions";

/** At the lower right of the lists, or where there is none yet. */
export function NewListButton({ look }: { look: "add" | "button" }) {
  const [isOpen, setOpen] = useState(false);
  const open = () => setOpen(true);
  return (
    <>
      {look === "add" ? (
        <AddButton label="New list" onClick={open} />
      ) : (
        <Button onClick={open}>New list</Button>
      )}
      {isOpen && <NewListDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function NewListDialog({ onClose }: { onClose: () => void }) {
  const actionForm = useActionForm({
    schema: createContactListSchema,
    defaultValues: { name: "" },
    action: createContactListAction,
    onSuccess: ({ name }) => {
      notifySuccess(`The list ${name} was created.`);
      onClose();
    },
  });
  const { form } = actionForm;
  return (
    <FormDialog
      title="New list"
      submitLabel="Create list"
      actionForm={actionForm}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        autoComplete="off"
        data-autofocus
        withAsterisk
        error={form.formState.errors.name?.message}
        {...form.register("name")}
      />
    </FormDialog>
  );
}
