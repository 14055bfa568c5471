import { useEffect } from "react";
import type { FieldValues, Path, PathValue, UseFormReturn } from "react-hook-form";
import type { Choice } from "@/lib/kernel/choices/schema";
import { knownChoices, rememberChoice } from "./known-choices";
import { notifySuccess } from "./notify";
import { DRAFT, forget, keep, kept } from "./tab-memory";

type Leaf = readonly [path: string, value: unknown];
/** With the names of picked ids. */
type Draft = { leaves: Leaf[]; choices: Choice[] };
type Values = Record<string, unknown>;

/** By address, and what tells forms there apart. */
function draftKey(defaults: Values): string {
  const { id = "" } = defaults;
  const address = `${window.location.pathname}${window.location.search}`;
  return `${DRAFT}${address} ${String(id)} ${Object.keys(defaults).sort().join()}`;
}

/** Only differences, never a secret. */
function writeDraft(key: string, defaults: Values, values: Values): void {
  const before = new Map(leavesOf(defaults).map(([path, value]) => [path, value]));
  const typed = leavesOf(values).filter(([path, value]) => !isSame(value, before.get(path)));
  if (typed.length === 0) forget(key);
  else keep(key, JSON.stringify({ leaves: typed, choices: knownChoices() } satisfies Draft));
}

function readDraft(key: string): Leaf[] {
  const { leaves = [], choices = [] }: Partial<Draft> = JSON.parse(kept(key) ?? "{}");
  choices.forEach(rememberChoice);
  return leaves;
}

/** What was saved or cancelled. */
export function discardDraft(defaults: Values = {}): void {
  forget(draftKey(defaults));
}

/** By path; lists as a whole. */
function leavesOf(values: Values, above = ""): Leaf[] {
  return Object.entries(values).flatMap(([name, value]): Leaf[] => {
    if ((SECRET_FIELD.test(name) && !NO_SECRETS.has(name)) || value === undefined) return [];
    const path = `${above}${name}`;
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
    return isGroup
      ? leavesOf(Object.fromEntries(Object.entries(value)), `${path}.`)
      : [[path, value]];
  });
}

/** Only the server may keep these. */
const SECRET_FIELD = /secret$|password|token$|passphrase|file$|^url$|^code$/i;
/** These match, but hold no secrets. */
const NO_SECRETS = new Set(["tokenFile"]);

function isSame(one: unknown, other: unknown): boolean {
  return (
    JSON.stringify(one) === JSON.stringify(other ?? null) || (one === "" && other === undefined)
  );
}

/** By address. */
export function useDraft<V extends FieldValues>(form: UseFormReturn<V>): void {
  useEffect(() => {
    const defaults = form.formState.defaultValues ?? {};
    const key = draftKey(defaults);
    const draft = readDraft(key);
    // These were read from this form.
    for (const [path, value] of draft)
      form.setValue(path as Path<V>, value as PathValue<V, Path<V>>, { shouldDirty: true });
    const withdraw =
      draft.length > 0
        ? notifySuccess("What you typed here before is here again. Cancel discards it.")
        : () => {};
    const stop = form.subscribe({
      formState: { values: true },
      callback: ({ values }) => writeDraft(key, defaults, values),
    });
    return () => {
      stop();
      // The next page has no Cancel.
      withdraw();
    };
  }, [form]);
}
