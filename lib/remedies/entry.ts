import type { Command, Link, Step, Written } from "./remedy";

type Shared = Omit<Written, "id" | "title" | "cause" | "steps">;

/* The person who acts, and what helps. */
export const ADMIN: Shared = {};
export const PASSES = { retry: "yes" } as const;
export const REAUTH = { retry: "reauth" } as const;
export const OWNER = { who: "mailbox_owner" } as const;
export const OWNER_WAITS = { ...OWNER, ...PASSES } as const;
export const OWNER_SIGNS_IN = { ...OWNER, ...REAUTH } as const;
export const TENANT_ADMIN = { who: "tenant_administrator" } as const;
export const TENANT_REAUTH = { ...TENANT_ADMIN, ...REAUTH } as const;
export const COMPANY_ADMIN = { who: "company_administrator" } as const;

export function see(shared: Shared, ...places: readonly (Link | Command | string)[]): Shared {
  const named = places.map((place) => {
    if (typeof place === "string") return { source: place };
    return "url" in place ? { link: place } : { command: place };
  });
  return Object.assign({ ...shared }, ...named);
}

export function rfc(section: string): string {
  return `https://www.rfc-editor.org/rfc/rfc${section}`;
}

/** Written in lines: the title, the cause, and each step. */
export function entry<const I extends string>(id: I, shared: Shared, more?: Shared) {
  return (text: TemplateStringsArray, ...values: Value[]) => ({
    ...shared,
    ...more,
    ...linesOf(text, values),
    id,
  });
}

/** Part of a line, or one or more steps on a line of their own. */
type Value = Step | readonly Step[];

function linesOf(text: TemplateStringsArray, values: readonly Value[]) {
  const marks = values.map((value, n) => (typeof value === "string" ? value : `\0${n}`));
  const lines = String.raw({ raw: text }, ...marks)
    .trim()
    .split(/\n\s*/);
  const [title = "", cause = "", ...steps] = lines;
  const stepsOf = (line: string) =>
    line.startsWith("\0") ? (values[Number(line.slice(1))] ?? []) : line;
  return { title, cause, steps: steps.flatMap(stepsOf) };
}

/** In full, so that a search for it finds the entry. */
type EntraCode = `AADSTS${number}`;

const SOURCE = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";

/** With Microsoft's page for the code, unless there is a better link. */
export function entra(codes: EntraCode | readonly EntraCode[], shared: Shared, more?: Shared) {
  return (text: TemplateStringsArray, ...values: Value[]): Written[] =>
    [codes].flat().map((code) => ({
      link: microsoftErrorLink(Number(code.slice("AADSTS".length))),
      source: SOURCE,
      ...entry(code, shared, more)(text, ...values),
    }));
}

export function microsoftErrorLink(number: number): Link {
  return {
    label: `Microsoft about AADSTS${number}`,
    url: `https://login.microsoftonline.com/error?code=${number}`,
  };
}
