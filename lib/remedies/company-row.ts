import type { Remedy } from "./remedy";

type Told = Pick<Remedy, "title" | "cause" | "steps"> &
  Partial<Pick<Remedy, "who" | "retry" | "source">>;

/** Where a company sign-in is tested and edited, from elsewhere. */
const THERE = "Under Settings → Sign-in, open this sign-in, ";

/** A step that is taken on the page of the company sign-in: with the words on its buttons. */
export function onItsPage(deed: string): string {
  return `${THERE}${deed}`;
}

/** The same remedy for who is on that page already. */
export function toldOnItsPage(remedy: Remedy): Remedy {
  return withDeeds(remedy, (deed) => deed.charAt(0).toUpperCase() + deed.slice(1));
}

/** The same remedy for who was refused, and can't open that page. */
export function toldToAnyone(remedy: Remedy): Remedy {
  const there = THERE.charAt(0).toLowerCase() + THERE.slice(1);
  return withDeeds(remedy, (deed) => `Ask an administrator of Postkey: ${there}${deed}`);
}

function withDeeds(remedy: Remedy, told: (deed: string) => string): Remedy {
  const steps = remedy.steps.map((step) =>
    step.startsWith(THERE) ? told(step.slice(THERE.length)) : step,
  );
  return { ...remedy, steps };
}

/** Most are repaired by who administers Postkey, and worth another attempt only after that. */
export function companyRemedy(name: string, told: Told): Remedy {
  const id = `company.${name}`;
  return { id, who: "postkey_administrator", retry: "after_fix", source: null, ...told };
}
