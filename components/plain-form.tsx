import { Button, type ButtonProps, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { type FieldValues, FormProvider } from "react-hook-form";
import { Form } from "./form";
import { FormProblem } from "./form-problem";
import type { ActionForm } from "./use-action-form";

type PlainFormProps<V extends FieldValues> = {
  actionForm: ActionForm<V>;
  submitLabel: ReactNode;
  /** How its button looks; as wide as the form, if nothing else is said. */
  look?: Pick<ButtonProps, "variant" | "style" | "leftSection">;
  below?: ReactNode;
  children: ReactNode;
};

export const AT_END = { style: { alignSelf: "flex-end" } } as const;

export function PlainForm<V extends FieldValues>(props: PlainFormProps<V>) {
  const { form, submit, problem, isSaving } = props.actionForm;
  return (
    <FormProvider {...form}>
      <Form onSubmit={submit}>
        <Stack>
          <FormProblem problem={problem} />
          {props.children}
          <Button type="submit" loading={isSaving} {...props.look}>
            {props.submitLabel}
          </Button>
          {props.below}
        </Stack>
      </Form>
    </FormProvider>
  );
}
