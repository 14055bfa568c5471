import type { FormEvent, MouseEvent, ReactNode } from "react";

type FormProps = { onSubmit: (event: FormEvent) => void; children: ReactNode };

/**
 * Before hydration a browser submits forms itself, with the password in the address. Method
 * “dialog” outside a dialog element sends nothing (HTML, “form submission algorithm”).
 */
export function Form({ onSubmit, children }: FormProps) {
  return (
    <form method="dialog" onSubmit={onSubmit} noValidate>
      {children}
    </form>
  );
}

/** A message that appears on blur would move the button away from the pointer. */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}

function invalidIn(form: HTMLElement): HTMLElement[] {
  return [...form.querySelectorAll<HTMLElement>('[aria-invalid="true"]')];
}

export function focusFirstInvalid(form: HTMLElement | null): void {
  const [first] = form ? invalidIn(form) : [];
  if (first) focusField(first);
}

export type InvalidField = { label: string; element: HTMLElement };

export function invalidFields(form: HTMLElement): InvalidField[] {
  return invalidIn(form).map((element) => ({ label: labelOf(element), element }));
}

/** Folded fields take no focus. */
export function unfoldField(name: string): void {
  const [element] = document.getElementsByName(name);
  if (element) unfold(element);
}

function unfold(element: HTMLElement): void {
  const folded = element.closest<HTMLDetailsElement>("details:not([open])");
  if (folded) folded.open = true;
}

export function focusField(element: HTMLElement): void {
  unfold(element);
  element.scrollIntoView({ block: "center" });
  element.focus({ preventScroll: true });
}

function labelOf(element: HTMLElement): string {
  const named = element.getAttribute("aria-label");
  if (named) return named;
  const label = document.querySelector(`label[for="${CSS.escape(element.id)}"]`);
  return withoutAsterisk(label?.textContent ?? "") || "a field";
}

function withoutAsterisk(text: string): string {
  const trimmed = text.trim();
  return trimmed.endsWith("*") ? trimmed.slice(0, -1).trim() : trimmed;
}
