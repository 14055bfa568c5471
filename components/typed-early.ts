import { type RefObject, useInsertionEffect, useRef, useSyncExternalStore } from "react";

type Typed = readonly [name: string, value: string | boolean];
type Early = {
  typed: readonly Typed[];
  chosen: readonly (readonly [field: HTMLSelectElement, value: string])[];
};

const NOTHING: Early = { typed: [], chosen: [] };

/**
 * What stands in the fields of a page that a browser showed before the page was ready: typed by someone who is
 * faster than their line, or filled in by a password manager. A form that begins with its own values would wipe
 * it out.
 * @returns what effects can read: it is there before the fields are handed to the form, which attaches its refs later
 */
export function useTypedEarly(isOfForm: (name: string) => boolean): RefObject<Early> {
  const isHydrating = useSyncExternalStore(
    () => () => {},
    () => false,
    () => true,
  );
  const early = useRef(NOTHING);
  useInsertionEffect(() => {
    if (isHydrating) early.current = readEarly(isOfForm);
  });
  return early;
}

function readEarly(isOfForm: (name: string) => boolean): Early {
  // After a reload or a step back a browser fills in what stood there before, which may be out of date.
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival instanceof PerformanceNavigationTiming && arrival.type !== "navigate") return NOTHING;
  const isAlone = ({ name }: { name: string }) =>
    isOfForm(name) && document.getElementsByName(name).length === 1;
  return {
    typed: [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(FIELDS)]
      .filter(isAlone)
      .flatMap((field): Typed[] => {
        if (field instanceof HTMLInputElement && field.type === "checkbox")
          return field.checked === field.defaultChecked ? [] : [[field.name, field.checked]];
        return field.value === field.defaultValue ? [] : [[field.name, field.value]];
      }),
    chosen: [...document.querySelectorAll<HTMLSelectElement>("select[name]")]
      .filter(isAlone)
      .flatMap((field) => (field.value === firstValue(field) ? [] : [[field, field.value]])),
  };
}

const FIELDS = "input[name]:not([type=radio]), textarea[name]";

function firstValue({ options }: HTMLSelectElement): string | undefined {
  return ([...options].find((option) => option.defaultSelected) ?? options[0])?.value;
}
