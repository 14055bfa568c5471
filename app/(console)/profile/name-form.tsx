"use client";

import { Button, Group, Stack } from "@mantine/core";
import { Form } from "@/components/form";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import { TextField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import { renameOneselfSchema } from "@/lib/access/administrators/schema";
import { renameOneselfAction } from "./actions";

export function NameForm({ name }: { name: string }) {
  const { form, submit, problem, isSaving } = useActionForm({
    schema: renameOneselfSchema,
    defaultValues: { name },
    action: renameOneselfAction,
    onSuccess: () => notifySuccess("Your name was saved."),
  });
  return (
    <Form onSubmit={submit}>
      <Stack>
        <FormProblem problem={problem} />
        <TextField
          form={form}
          name="name"
          label="Your name"
          description="The name that other administrators and the audit trail show."
          autoComplete="name"
        />
        <Group justify="flex-end">
          <Button type="submit" variant="default" loading={isSaving}>
            Save name
          </Button>
        </Group>
      </Stack>
    </Form>
  );
}
