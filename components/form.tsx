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
