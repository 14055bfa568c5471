import { Alert, Anchor, Button, Group, Paper, Stack } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { Route } from "next";
import { type ReactNode, useEffect, useRef, useState } from "react";
import {
  type FieldErrors,
  type FieldValues,
  FormProvider,
  type Path,
  useFormContext,
} from "react-hook-form";
import { discardDraft, useDraft } from "./drafts";
import { Form, focusField, type InvalidField, invalidFields, keepFocus, unfoldField } from "./form";
import { FormProblem } from "./form-problem";
import { LinkButton, useAsLeft } from "./links";
import type { ActionForm } from "./use-action-form";
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
  const cancelled = useAsLeft(cancelHref);
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
              <LinkButton
                variant="default"
                href={cancelled}
                onMouseDown={keepFocus}
                onClick={() => discardDraft(form)}
              >
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

function ErrorSummary() {
  const { formState } = useFormContext();
  const { submitCount, errors } = formState;
  const place = useRef<HTMLDivElement>(null);
  const [fields, setFields] = useState<InvalidField[] | null>(null);
  const isShown = submitCount > 0 && Object.keys(errors).length > 0;
  // Known from the rendered page only.
  useEffect(() => {
    const form = place.current?.closest("form");
    const found = isShown && form ? invalidFields(form) : null;
    setFields((before) => (isSame(before, found) ? before : found));
  });
  return (
    <div ref={place}>
      {fields?.length === 0 && (
        <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert">
          {messagesOf(errors).join(" ")}
        </Alert>
      )}
      {fields && fields.length > 0 && (
        <Alert color="red" icon={<IconAlertCircle size={18} />}>
          {fields.length === 1 ? "Check this field: " : `Check these ${fields.length} fields: `}
          {fields.map(({ label, element }, index) => (
            <span key={element.id || label}>
              {index > 0 && ", "}
              <Anchor
                component="button"
                type="button"
                inherit
                underline="always"
                c="inherit"
                onClick={() => focusField(element)}
              >
                {label}
              </Anchor>
            </span>
          ))}
        </Alert>
      )}
    </div>
  );
}

/** For fields that are not on the page. */
function messagesOf(errors: FieldErrors): string[] {
  return Object.values(errors).flatMap((error) =>
    typeof error?.message === "string" ? [error.message] : [],
  );
}

function isSame(a: InvalidField[] | null, b: InvalidField[] | null): boolean {
  if (!a || !b) return a === b;
  return a.length === b.length && a.every(({ element }, index) => element === b[index]?.element);
}
