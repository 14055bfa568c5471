import type { FormEvent, ReactNode } from "react";

type FormProps = { onSubmit: (event: FormEvent) => void; children: ReactNode };

/**
 * The one form for what is typed. Until a page is ready, the browser itself sends a form: with the password in the address, and
 * so in logs and in the history. By the method “dialog” it sends nothing unless the form is in a dialog element
 * (HTML, “form submission algorithm”), and none is here.
 */
export function Form({ onSubmit, children }: FormProps) {
  return (
    <form method="dialog" onSubmit={onSubmit} noValidate>
      {children}
    </form>
  );
}
