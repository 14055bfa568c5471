import { useEffect } from "react";
import type { FieldValues, Path, PathValue, UseFormReturn } from "react-hook-form";
import type { Choice } from "@/lib/kernel/choices/schema";
import { knownChoices, rememberChoice } from "./known-choices";
import { notifySuccess } from "./notify";
import { DRAFT, forget, keep, kept } from "./tab-memory";

type Values = Record<string, unknown>;
/** With the names of picked ids. */
type Draft = { values: Values; choices: Choice[] };

/** Only the server may keep these. */
const SECRET_FIELD = /secret$|password|token$|passphrase|file$|^url$|^code$/i;
/** These match, but hold no secrets. */
const NO_SECRETS = new Set(["tokenFile"]);

const isSecret = (name: string) => SECRET_FIELD.test(name) && !NO_SECRETS.has(name);

/** To compare. */
function typedText(values: Values): string {
  return JSON.stringify(values, (name, value) =>
    isSecret(name) || value === "" || value === null ? undefined : value,
  );
}

/** Of one object as it is now, and of no other: ids and versions are among the defaults. */
function draftKey(defaults: Values): string {
  const { pathname, search } = window.location;
  return `${DRAFT}${pathname}${search} ${typedText(defaults)}`;
}

function writeDraft(key: string, draft: Draft): void {
  // Emptied and not left out: one way to fill in a group of fields lacks what another asks for.
  const emptied = (value: unknown) => (typeof value === "string" ? "" : undefined);
  keep(
    key,
    JSON.stringify(draft, (name, value) => (isSecret(name) ? emptied(value) : value)),
  );
}

const closed = new WeakSet<object>();

/** What was saved or cancelled, whatever is filled in until its page is gone. */
export function discardDraft<V extends FieldValues>({ control, formState }: UseFormReturn<V>) {
  closed.add(control);
  forget(draftKey(formState.defaultValues ?? {}));
}

/** By address. */
export function useDraft<V extends FieldValues>(form: UseFormReturn<V>): void {
  useEffect(() => {
    const defaults = form.formState.defaultValues ?? {};
    const key = draftKey(defaults);
    const draft: Draft | null = JSON.parse(kept(key) ?? "null");
    draft?.choices.forEach(rememberChoice);
    for (const [name, value] of Object.entries(draft?.values ?? {}))
      if (!isSecret(name))
        // of this very form
        form.setValue(name as Path<V>, value as PathValue<V, Path<V>>, { shouldDirty: true });
    const withdraw = draft
      ? notifySuccess("What you typed here before is here again. Cancel discards it.")
      : () => {};
    const stop = form.subscribe({
      formState: { values: true },
      callback: ({ values }) => {
        if (closed.has(form.control)) return;
        if (typedText(values) === typedText(defaults)) forget(key);
        else writeDraft(key, { values, choices: knownChoices() });
      },
    });
    return () => {
      stop();
      // The next page has no Cancel.
      withdraw();
    };
  }, [form]);
}
