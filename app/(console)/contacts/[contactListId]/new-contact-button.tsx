"use client";

import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { FormProblem } from "@/components/form-problem";
import footer from "@/components/list-footer.module.css";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { createContactSchema } from "@/lib/contact-lists/schema";
import { createContactAction } from "../actions";

export function NewContactButton({ contactListId }: { contactListId: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={footer.add}
        aria-label="New contact"
        title="New contact"
        onClick={() => setOpen(true)}
      >
        <IconPlus size={26} stroke={2} />
      </button>
      {isOpen && <NewContactDialog contactListId={contactListId} onClose={() => setOpen(false)} />}
    </>
  );
}

type NewContactDialogProps = { contactListId: string; onClose: () => void };

function NewContactDialog({ contactListId, onClose }: NewContactDialogProps) {
  const { form, submit, problem, isSaving } = useActionForm({
    schema: createContactSchema,
    defaultValues: { contactListId, name: "", email: "" },
    action: createContactAction,
    onSuccess: () => {
      notifySuccess("The contact was added.");
      onClose();
    },
  });
  const { errors } = form.formState;
  return (
    <Modal opened onClose={onClose} title="New contact">
      <form onSubmit={submit} noValidate>
        <Stack>
          <FormProblem problem={problem} />
          <TextInput
            label="Email address"
            type="email"
            autoComplete="off"
            data-autofocus
            withAsterisk
            error={errors.email?.message}
            {...form.register("email")}
          />
          <TextInput
            label="Name"
            autoComplete="off"
            error={errors.name?.message}
            {...form.register("name")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isSaving}>
              Add contact
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
