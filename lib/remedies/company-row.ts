import type { Remedy } from "./remedy";

type Told = Pick<Remedy, "title" | "cause" | "steps"> &
  Partial<Pick<Remedy, "who" | "retry" | "source">>;

/** Most are repaired by who administers Postkey, and worth another attempt only after that. */
export function companyRemedy(name: string, told: Told): Remedy {
  const id = `company.${name}`;
  return { id, who: "postkey_administrator", retry: "after_fix", source: null, ...told };
}
