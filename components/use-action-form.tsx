import { zodResolver } from "@hookform/resolvers/zod";
import { Button, type ButtonProps, Stack } from "@mantine/core";
import {
  type FormEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
  useState,
  useTransition,
} from "react";
import {
  type DefaultValues,
  type FieldValues,
  FormProvider,
  get,
  type Path,
  type Resolver,
  set,
  type UseFormReturn,
  useForm,
} from "react-hook-form";
import type { z } from "zod";
import type { ActionError, ActionResult } from "@/lib/http/schema";
import { discardDraft } from "./drafts";
import { Form, focusFirstInvalid } from "./form";
import { FormProblem } from "./form-problem";
import { withProof } from "./proof";

export type ActionForm<V extends FieldValues> = {
  form: UseFormReturn<V>;
  submit: (event?: FormEvent) => void;
  problem: ActionError | null;
  isSaving: boolean;
};

type ActionFormOptions<I extends FieldValues, T> = {
  schema: z.ZodType<unknown, I>;
  defaultValues: DefaultValues<I>;
  action: (input: I) => Promise<ActionResult<T>>;
  onSuccess: (data: T) => void;
};

/** The one form pattern: one schema on both sides, and nothing typed is ever lost. */
export function useActionForm<I extends FieldValues, T>({
  schema,
  defaultValues,
  action,
  onSuccess,
}: ActionFormOptions<I, T>): ActionForm<I> {
  const isAsked = useRef(false);
  const form = useForm<I>({
    resolver: resolverOf(schema, isAsked),
    defaultValues,
    mode: "onTouched",
    // Done below, in the page's order.
    shouldFocusError: false,
  });
  const [problem, setProblem] = useState<ActionError | null>(null);
  // Until the next page, or the saved one, is there.
  const [isLeaving, leave] = useTransition();
  const submitted = useRef<HTMLElement | null>(null);
  const { isSubmitting, submitCount } = form.formState;

  useEffect(() => {
    if (submitCount > 0) focusFirstInvalid(submitted.current);
  }, [submitCount]);

  const send = form.handleSubmit(async () => {
    setProblem(null);
    const result = await withProof(() => action(form.getValues())).catch(unreachable);
    if (result.ok) {
      discardDraft(form);
      return leave(() => onSuccess(result.data));
    }
    setProblem(result.error);
    for (const [name, messages] of Object.entries(result.error.fields ?? {}))
      form.setError(
        name as Path<I>, // field names come from the same schema
        { type: "server", message: messages.join(" ") },
      );
  });

  function submit(event?: FormEvent): void {
    if (event?.currentTarget instanceof HTMLElement) submitted.current = event.currentTarget;
    isAsked.current = true;
    void send(event);
  }

  return { form, submit, problem, isSaving: isSubmitting || isLeaving };
}

/** After an edit the form goes on with what it edited, as it does with what it created. */
export async function editing<T>(
  edited: T,
  saving: Promise<ActionResult<unknown>>,
): Promise<ActionResult<T>> {
  const result = await saving;
  return result.ok ? { ok: true, data: edited } : result;
}

/** @param isAsked submitted: until then a passed field may stay empty */
function resolverOf<I extends FieldValues>(
  schema: z.ZodType<unknown, I>,
  isAsked: RefObject<boolean>,
): Resolver<I> {
  // Raw: the server parses what was typed.
  const resolve = zodResolver<I, unknown, unknown>(schema, undefined, { raw: true });
  return async (values, context, options) => {
    if (isAsked.current) return resolve(values, context, options);
    const resolved = await resolve(values, context, options);
    const empty = (options.names ?? []).filter((name) => get(values, name) === "");
    for (const name of empty) set(resolved.errors, name, undefined);
    return resolved;
  };
}

function unreachable(): ActionResult<never> {
  return {
    ok: false,
    error: {
      code: "temporarily_unavailable",
      message:
        "Postkey is not responding. It is not known whether this was done. What you typed is still here.",
    },
  };
}

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
