import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import type { Page } from "@/lib/kernel/paging/schema";
import { accountsText, type ExplainedIncident } from "@/lib/watch/incidents/schema";
import { IncidentBadge } from "../incidents/incident-badge";
import classes from "./overview.module.css";
import { Section } from "./section";

const SHOWN = 8;

/** What needs a person, the widest damage first, each with the one thing to do. */
export function NeedsNow({ incidents }: { incidents: Page<ExplainedIncident> }) {
  const { rows, total } = incidents;
  const rest = total.count - SHOWN;
  return (
    <Section title="Needs you now">
      {rows.length === 0 ? (
        <p className={classes.calm}>
          All good: every sign-in is up to date and no test is failing.
        </p>
      ) : (
        <ul className={classes.cards}>
          {rows.slice(0, SHOWN).map((incident) => (
            <Need key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
      {rest > 0 && (
        <p className={classes.more}>
          <RowLink href="/incidents">
            And {rest.toLocaleString("en")}
            {total.isCapped && "+"} more
          </RowLink>
        </p>
      )}
    </Section>
  );
}

function Need({ incident }: { incident: ExplainedIncident }) {
  const { id, subject, title, nextStep, accounts, openedAt } = incident;
  return (
    <li className={classes.need}>
      <div className={classes.count}>
        <strong>{accounts.toLocaleString("en")}</strong>
        <span>{accounts === 1 ? "account" : "accounts"}</span>
      </div>
      <div className={classes.what}>
        <div className={classes.head}>
          <RowLink href={routes.incident(id)} look="name">
            {subject}: {title}
          </RowLink>
          <IncidentBadge incident={incident} />
        </div>
        <p className={classes.next}>
          <span className={classes.label}>Next step</span> {nextStep}
        </p>
        <p className={classes.facts}>
          {accounts > 0 ? `Stops ${accountsText(incident)}` : "Stops no email account"} · started{" "}
          <RelativeTime at={openedAt} />
        </p>
      </div>
    </li>
  );
}
