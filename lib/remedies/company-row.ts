import type { Entry } from "./remedy";

type Told = Pick<Entry, "title" | "cause" | "steps"> &
  Partial<Pick<Entry, "who" | "retry" | "source">>;

/** Most are repaired by who administers Postkey, and worth another attempt only after that. */
export function companyRemedy(name: string, told: Told): Entry {
  const id = `company.${name}`;
  return { id, who: "postkey_administrator", retry: "after_fix", source: null, ...told };
}
