import { useState, useSyncExternalStore } from "react";

type Typed = readonly [name: string, value: string | boolean];

/**
 * What stands in the fields of a page that a browser showed before the page was ready: typed by someone who is
 * faster than their line, or filled in by a password manager. A form that begins with its own values would wipe
 * it out.
 */
export function useTypedEarly(isOfForm: (name: string) => boolean): readonly Typed[] {
  const isHydrating = useSyncExternalStore(
    () => () => {},
    () => false,
    () => true,
  );
  const [typed] = useState(() =>
    isHydrating && typeof document !== "undefined" ? readTyped(isOfForm) : [],
  );
  return typed;
}

function readTyped(isOfForm: (name: string) => boolean): Typed[] {
  // After a reload or a step back a browser fills in what stood there before, which may be out of date.
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival instanceof PerformanceNavigationTiming && arrival.type !== "navigate") return [];
  return [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(FIELDS)]
    .filter(({ name }) => isOfForm(name) && document.getElementsByName(name).length === 1)
    .flatMap((field): Typed[] => {
      if (field instanceof HTMLInputElement && field.type === "checkbox")
        return field.checked === field.defaultChecked ? [] : [[field.name, field.checked]];
      return field.value === field.defaultValue ? [] : [[field.name, field.value]];
    });
}

const FIELDS = "input[name]:not([type=radio]), textarea[name]";
