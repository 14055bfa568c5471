"use client";

import { Button, Group, Paper, Stack } from "@mantine/core";
import type { Route } from "next";
import { type ReactNode, useRef } from "react";
import { type FieldValues, FormProvider } from "react-hook-form";
import { FormProblem } from "./form-problem";
import { LinkButton } from "./links";
import type { ActionForm } from "./use-action-form";
import { useWish } from "./use-wish";

type FormPageProps<V extends FieldValues> = {
  actionForm: ActionForm<V>;
  submitLabel: string;
  submitIcon?: ReactNode;
  isDisabled?: boolean;
  cancelHref: Route;
  /** Above what was refused. */
  intro?: ReactNode;
  /** Below the buttons. */
  note?: ReactNode;
  children: ReactNode;
};

/** A form that is a page's own. Its fields find it by `useFormContext`. */
export function FormPage<V extends FieldValues>(props: FormPageProps<V>) {
  const { actionForm, submitLabel, submitIcon, isDisabled = false, cancelHref } = props;
  const { intro, note, children } = props;
  const { form, submit, problem, isSaving } = actionForm;
  const element = useRef<HTMLFormElement>(null);
  useWish("field", (name) => {
    const field = element.current?.elements.namedItem(name);
    if (field instanceof HTMLElement) field.focus();
  });
  return (
    <FormProvider {...form}>
      <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md">
        <form ref={element} onSubmit={submit} noValidate>
          <Stack>
            {intro}
            <FormProblem problem={problem} />
            {children}
            <Group justify="flex-end" mt="xs">
              <LinkButton variant="default" href={cancelHref}>
                Cancel
              </LinkButton>
              <Button
                type="submit"
                loading={isSaving}
                disabled={isDisabled}
                rightSection={submitIcon}
              >
                {submitLabel}
              </Button>
            </Group>
            {note}
          </Stack>
        </form>
      </Paper>
    </FormProvider>
  );
}
