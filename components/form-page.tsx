"use client";

import { Button, Group, Paper, Stack } from "@mantine/core";
import type { Route } from "next";
import type { ReactNode } from "react";
import { type FieldValues, FormProvider, type Path } from "react-hook-form";
import { ErrorSummary } from "./error-summary";
import { Form } from "./form";
import { FormProblem } from "./form-problem";
import { unfoldField } from "./invalid-fields";
import { keepFocus } from "./keep-focus";
import { LinkButton } from "./links";
import type { ActionForm } from "./use-action-form";
import { useDraft } from "./use-draft";
import { useWish } from "./use-wish";

type FormPageProps<V extends FieldValues> = {
  actionForm: ActionForm<V>;
  submitLabel: string;
  submitIcon?: ReactNode;
  isDisabled?: boolean;
  cancelHref: Route;
  intro?: ReactNode;
  note?: ReactNode;
  children: ReactNode;
};

export function FormPage<V extends FieldValues>(props: FormPageProps<V>) {
  const { actionForm, submitLabel, submitIcon, isDisabled = false, cancelHref } = props;
  const { intro, note, children } = props;
  const { form, submit, problem, isSaving } = actionForm;
  useDraft(form);
  useWish("field", (name) => {
    const path = name as Path<V>;
    if (form.getValues(path) === undefined) return;
    unfoldField(name);
    form.setFocus(path);
  });
  return (
    <FormProvider {...form}>
      <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md">
        <Form onSubmit={submit}>
          <Stack>
            {intro}
            {children}
            <FormProblem problem={problem} />
            <ErrorSummary />
            <Group justify="flex-end" mt="xs">
              <LinkButton variant="default" href={cancelHref} onMouseDown={keepFocus}>
                Cancel
              </LinkButton>
              <Button
                type="submit"
                onMouseDown={keepFocus}
                loading={isSaving}
                disabled={isDisabled}
                rightSection={submitIcon}
              >
                {submitLabel}
              </Button>
            </Group>
            {note}
          </Stack>
        </Form>
      </Paper>
    </FormProvider>
  );
}
