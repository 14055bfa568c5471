"use client";

import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { createContactListSchema } from "@/lib/contact-lists/schema";
import { createContactListAction } from "./actions";

export function NewListButton() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)} mt="xs">
        New list
      </Button>
      {isOpen && <NewListDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function NewListDialog({ onClose }: { onClose: () => void }) {
  const { form, submit, problem, isSaving } = useActionForm({
    schema: createContactListSchema,
    defaultValues: { name: "" },
    action: createContactListAction,
    onSuccess: ({ name }) => {
      notifySuccess(`The list ${name} was created.`);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="New list">
      <form onSubmit={submit} noValidate>
        <Stack>
          <FormProblem problem={problem} />
          <TextInput
            label="Name"
            autoComplete="off"
            data-autofocus
            withAsterisk
            error={form.formState.errors.name?.message}
            {...form.register("name")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isSaving}>
              Create list
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
