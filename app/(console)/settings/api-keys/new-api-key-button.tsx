"use client";

import {
  Alert,
  Button,
  Checkbox,
  CheckboxGroup,
  Group,
  Modal,
  Stack,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { Controller } from "react-hook-form";
import { CopyField } from "@/components/copy-field";
import { FormProblem } from "@/components/form-problem";
import { useActionForm } from "@/components/use-action-form";
import { createApiKeySchema, KEY_PERMISSIONS } from "@/lib/api-keys/schema";
import { createApiKeyAction } from "./actions";

export function NewApiKeyButton() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)} mt="xs">
        New API key
      </Button>
      {isOpen && <NewApiKeyDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function NewApiKeyDialog({ onClose }: { onClose: () => void }) {
  const [key, setKey] = useState<string | null>(null);
  return (
    <Modal opened onClose={onClose} title="New API key" closeOnClickOutside={key === null}>
      {key === null ? (
        <NewApiKeyForm onCreated={setKey} onCancel={onClose} />
      ) : (
        <Stack>
          <Alert color="yellow">Copy the key now. It is not shown again.</Alert>
          <CopyField label="API key" value={key} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

type NewApiKeyFormProps = { onCreated: (key: string) => void; onCancel: () => void };

function NewApiKeyForm({ onCreated, onCancel }: NewApiKeyFormProps) {
  const { form, submit, problem, isSaving } = useActionForm({
    schema: createApiKeySchema,
    defaultValues: { name: "", permissions: ["tokens:read"] },
    action: createApiKeyAction,
    onSuccess: ({ key }) => onCreated(key),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormProblem problem={problem} />
        <TextInput
          label="Name"
          description="Which program uses it."
          autoComplete="off"
          data-autofocus
          withAsterisk
          error={form.formState.errors.name?.message}
          {...form.register("name")}
        />
        <Controller
          control={form.control}
          name="permissions"
          render={({ field: { value, onChange }, fieldState }) => (
            <CheckboxGroup
              label="May"
              value={value}
              onChange={onChange}
              error={fieldState.error?.message}
            >
              <Stack gap="xs" mt="xs">
                {Object.entries(KEY_PERMISSIONS).map(([permission, label]) => (
                  <Checkbox key={permission} value={permission} label={label} />
                ))}
              </Stack>
            </CheckboxGroup>
          )}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
