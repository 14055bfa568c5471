import { PROTOCOL_NAMES } from "@/lib/egress/protocols/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { DAY_MS } from "@/lib/kernel/clock";
import { listed } from "@/lib/kernel/text/schema";
import { type MailService, mailService, SERVICES } from "@/lib/mail/services/schema";
import type { Expiry } from "./schema";
import { countPasswordAccounts } from "./store";

type Span = { from: Date; days: number };
type Announced = { service: MailService; protocols: string; at: Date; text: string };

/** What services announced, with the active accounts that still sign in by a password there. */
export async function listPasswordEnds(actor: Actor, span: Span): Promise<Expiry[]> {
  requirePermission(actor, "accounts:read");
  const ends = announced(span);
  if (ends.length === 0) return [];
  const rows = await countPasswordAccounts(ends.map(({ service }) => service));
  return ends.flatMap(({ service, protocols, at, text }) => {
    const found = rows.find((row) => row.service === service);
    if (!found) return [];
    const { accounts, accountNames } = found;
    const id = `passwords-${service}-${at.toISOString().slice(0, 10)}`;
    const provider = mailService(service).label;
    const who = { ...AT_NO_PROVIDER, provider, accounts, accountNames };
    return [{ ...who, id, at, detail: protocols, announced: text }];
  });
}

const AT_NO_PROVIDER = { kind: "password", cloudProviderId: null } as const;

function announced({ from, days }: Span): Announced[] {
  const until = from.getTime() + days * DAY_MS;
  return SERVICES.flatMap((service) =>
    mailService(service).passwordEnds.flatMap(({ state, day, text, protocols }) => {
      const at = new Date(day ?? Number.NaN);
      // The day itself counts.
      const isAhead = at.getTime() > from.getTime() - DAY_MS && at.getTime() <= until;
      const names = listed(protocols.map((each) => PROTOCOL_NAMES[each]));
      return state === "ends" && isAhead ? [{ service, protocols: names, at, text }] : [];
    }),
  );
}
