import { PROTOCOL_NAMES } from "@/lib/egress/protocols/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { DAY_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
import { listed } from "@/lib/kernel/text/schema";
import { type MailService, mailService, SERVICES } from "@/lib/mail/services/schema";
import type { Expiry } from "./schema";

type Span = { from: Date; days: number };
type Announced = { service: MailService; protocols: string; at: Date; text: string };

/** What services announced, with the active accounts that still sign in by a password there. */
export async function listPasswordEnds(actor: Actor, span: Span): Promise<Expiry[]> {
  requirePermission(actor, "accounts:read");
  const ends = announced(span);
  if (ends.length === 0) return [];
  const { rows } = await pool().query<Found>({
    ...COUNT,
    values: [ends.map(({ service }) => service)],
  });
  return ends.flatMap(({ service, protocols, at, text }) => {
    const found = rows.find((row) => row.service === service);
    return found
      ? [
          {
            ...AT_NO_PROVIDER,
            id: `passwords-${service}-${protocols}`,
            at,
            provider: mailService(service).label,
            detail: protocols,
            accounts: found.accounts,
            accountNames: found.names,
            announced: text,
          },
        ]
      : [];
  });
}

const AT_NO_PROVIDER = { kind: "password", cloudProviderId: null } as const;

type Found = { service: string; accounts: number; names: string[] };

const COUNT = {
  name: "count-password-accounts",
  text: `SELECT service, count(*)::int AS accounts, (array_agg(name ORDER BY "nameKey"))[1:5] AS names
    FROM "EmailAccount" WHERE active AND NOT "modernAuthentication" AND service = ANY($1) GROUP BY 1`,
};

function announced({ from, days }: Span): Announced[] {
  const until = from.getTime() + days * DAY_MS;
  return SERVICES.flatMap((service) =>
    mailService(service).passwordEnds.flatMap(({ state, day, text, protocols }) => {
      const at = new Date(day ?? Number.NaN);
      const isAhead = at > from && at.getTime() <= until;
      const names = listed(protocols.map((each) => PROTOCOL_NAMES[each]));
      return state === "ends" && isAhead ? [{ service, protocols: names, at, text }] : [];
    }),
  );
}
