import { InlineLink } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { NextStepText } from "@/components/remedy-steps";
import { RepairButtons } from "@/components/repair-buttons";
import { pageAt, routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { Section } from "@/components/section";
import type { Page } from "@/lib/kernel/paging/schema";
import { type ExplainedIncident, namesText } from "@/lib/watch/incidents/schema";
import { IncidentBadge } from "../incidents/incident-badge";
import { OpenedAgain } from "../incidents/opened-again";
import classes from "./needs-now.module.css";
import overview from "./overview.module.css";

/** As many accounts are named; of more it is the number that counts. */
const NAMED = 3;

type NeedsNowProps = {
  /** The first of them. */
  incidents: Page<ExplainedIncident>;
  /** How many accounts need attention, with an incident or without one. */
  attention: Page<unknown>["total"];
};

/** What needs a person, the widest damage first, each with the one thing to do. */
export function NeedsNow({ incidents, attention }: NeedsNowProps) {
  const { rows, total } = incidents;
  const rest = total.count - rows.length;
  return (
    <Section title="Needs you now">
      {rows.length === 0 ? (
        <Calm attention={attention} />
      ) : (
        <ul className={`${overview.card} ${classes.needs}`}>
          {rows.map((incident) => (
            <Need key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
      <Others incidents={rows} attention={attention} />
      {rest > 0 && (
        <p className={overview.more}>
          <RowLink href="/incidents">
            And {rest.toLocaleString("en")}
            {total.isCapped && "+"} more
          </RowLink>
        </p>
      )}
    </Section>
  );
}

type OthersProps = {
  incidents: readonly ExplainedIncident[];
  attention: NeedsNowProps["attention"];
};

/** Beside those of the incidents: accounts that no one signed in yet, or that are tested manually only. */
function Others({ incidents, attention: { count, isCapped } }: OthersProps) {
  const told = incidents.reduce((sum, { accounts }) => sum + accounts, 0);
  if (incidents.length === 0 || count <= told) return null;
  return (
    <p className={overview.more}>
      <InlineLink href={pageAt("/email/accounts?view=attention&sort=state")}>
        {count.toLocaleString("en")}
        {isCapped && "+"} accounts need attention in all
      </InlineLink>
      . Postkey opens an incident when a sign-in that worked or a scheduled test fails.
    </p>
  );
}

/** Accounts that no one signed in yet, or that are tested manually only, need a person without an incident. */
function Calm({ attention: { count, isCapped } }: Pick<NeedsNowProps, "attention">) {
  if (count === 0)
    return (
      <p className={overview.calm}>All good: every sign-in is up to date and no test is failing.</p>
    );
  const isOne = count === 1 && !isCapped;
  return (
    <p className={overview.calm}>
      <InlineLink href={pageAt("/email/accounts?view=attention&sort=state")}>
        {count.toLocaleString("en")}
        {isCapped && "+"} {isOne ? "account needs" : "accounts need"} attention
      </InlineLink>
      . No incident is open: Postkey opens one when a sign-in that worked or a scheduled test fails.
    </p>
  );
}

function Need({ incident }: { incident: ExplainedIncident }) {
  const { id, subject, title, steps, taken, accounts, accountNames, buttons } = incident;
  const { openedAt, firstOpenedAt } = incident;
  return (
    <li className={classes.need}>
      <span className={classes.count}>
        <strong>{accounts.toLocaleString("en")}</strong> {accounts === 1 ? "account" : "accounts"}
      </span>
      <div className={classes.what}>
        <div className={classes.head}>
          <RowLink href={routes.incident(id)} look="name">
            {title}
          </RowLink>
          <IncidentBadge incident={incident} />
        </div>
        <p className={classes.next}>
          {accounts <= NAMED &&
            accountNames.length > 0 &&
            `${namesText(accountNames, accounts)} · `}
          {subject} · Started <RelativeTime at={openedAt} />
          {firstOpenedAt && (
            <>
              {" "}
              (<OpenedAgain firstOpenedAt={firstOpenedAt} />)
            </>
          )}{" "}
          <NextStepText before="· " steps={steps} taken={taken} buttons={buttons} />
        </p>
      </div>
      <RepairButtons buttons={buttons} limit={2} />
    </li>
  );
}
