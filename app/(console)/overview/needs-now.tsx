import { Group } from "@mantine/core";
import { Can } from "@/components/can";
import { InlineLink, LinkButton } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { NextStepText } from "@/components/remedy-steps";
import { RepairButtons } from "@/components/repair-buttons";
import { pageAt, routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { Section } from "@/components/section";
import { type AccountsOfCause, NOT_SIGNED_IN } from "@/lib/email-accounts/filters/schema";
import type { Page } from "@/lib/kernel/paging/schema";
import { counted } from "@/lib/kernel/text/schema";
import { findRemedy } from "@/lib/remedies/catalogue";
import { type ExplainedIncident, namesText } from "@/lib/watch/incidents/schema";
import { IncidentBadge } from "../incidents/incident-badge";
import { OpenedAgain } from "../incidents/opened-again";
import { accountsOf, buttonsOf, type Need, needsOf, unsignedAccounts } from "./needs";
import classes from "./needs-now.module.css";
import overview from "./overview.module.css";

const NAMED = 3;
const SHOWN = 5;

type NeedsNowProps = {
  incidents: Page<ExplainedIncident>;
  causes: readonly AccountsOfCause[];
  attention: Page<unknown>["total"];
};

export function NeedsNow({ incidents, causes, attention }: NeedsNowProps) {
  const { rows, total } = incidents;
  const rest = total.count - rows.length;
  const needs = needsOf(rows, causes);
  // Incidents are never folded.
  const shown = needs.filter((need, nth) => nth < SHOWN || "incident" in need);
  const folded = needs.filter((need) => !shown.includes(need));
  const told = shown.reduce((sum, { accounts }) => sum + accounts, 0);
  return (
    <Section title="Needs you now">
      {needs.length === 0 ? <Calm attention={attention} /> : <Needs needs={shown} />}
      {folded.length > 0 && (
        <details className={classes.all}>
          <summary>Show {folded.length} more</summary>
          <Needs needs={folded} />
        </details>
      )}
      {told > 0 && <Others told={told} attention={attention} />}
      {rest > 0 && (
        <p className={overview.more}>
          <RowLink href="/incidents">
            And {rest.toLocaleString("en")}
            {total.isCapped && "+"} more {rest === 1 ? "incident" : "incidents"}
          </RowLink>
        </p>
      )}
    </Section>
  );
}

function Needs({ needs }: { needs: readonly Need[] }) {
  return (
    <ul className={`${overview.card} ${classes.needs}`}>
      {needs.map((need) => {
        if ("incident" in need) return <OfIncident key={need.incident.id} {...need} />;
        if ("unsigned" in need) return <OfUnsigned key={NOT_SIGNED_IN} {...need} />;
        return <OfCause key={keyOf(need.group)} group={need.group} />;
      })}
    </ul>
  );
}

const keyOf = (group: AccountsOfCause) =>
  `${group.failedWith} ${group.cloudProviderId ?? ""} ${placeOf(group)}`;

type OthersProps = { told: number; attention: NeedsNowProps["attention"] };

function Others({ told, attention: { count, isCapped } }: OthersProps) {
  if (count <= told) return null;
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

function Count({ accounts }: { accounts: number }) {
  return (
    <span className={classes.count}>
      <strong>{accounts.toLocaleString("en")}</strong> {accounts === 1 ? "account" : "accounts"}
    </span>
  );
}

function OfCause({ group }: { group: AccountsOfCause }) {
  const { failedWith, accounts } = group;
  const isUnsigned = failedWith === NOT_SIGNED_IN;
  return (
    <li className={classes.need}>
      <Count accounts={accounts} />
      <div className={classes.what}>
        <div className={classes.head}>
          <RowLink href={accountsOf(group)} look="name">
            {isUnsigned ? "Not signed in yet" : findRemedy(failedWith).title}
          </RowLink>
        </div>
        <p className={classes.next}>
          {placeOf(group)}
          {group.cloudProviderId === null && " · With a password"}
          {isUnsigned ? <HowToSignIn /> : ` · ${accounts === 1 ? "Its" : "Their"} last test failed`}
        </p>
      </div>
      <Group gap="xs" data-repairs>
        <RepairButtons buttons={buttonsOf(group)} />
        <OpenAccounts group={group} />
      </Group>
    </li>
  );
}

function HowToSignIn() {
  return (
    <Can permission="authorizations:write">
      {" · Sign them in, or create sign-in links for their owners"}
    </Can>
  );
}

function OfUnsigned({ unsigned, accounts }: Extract<Need, { unsigned: unknown }>) {
  const list = unsignedAccounts();
  return (
    <li className={classes.need}>
      <Count accounts={accounts} />
      <div className={classes.what}>
        <div className={classes.head}>
          <RowLink href={list} look="name">
            Not signed in yet
          </RowLink>
        </div>
        <p className={classes.next}>
          {unsigned.length.toLocaleString("en")} cloud providers
          <HowToSignIn />
        </p>
      </div>
      <div data-repairs>
        <LinkButton href={list} size="xs" variant="light">
          Open the accounts
        </LinkButton>
      </div>
    </li>
  );
}

function placeOf(group: AccountsOfCause): string {
  return group.cloudProviderId === null ? group.server : group.provider;
}

function OpenAccounts({ group }: { group: AccountsOfCause }) {
  return (
    <LinkButton href={accountsOf(group)} size="xs" variant="light">
      Open the accounts
    </LinkButton>
  );
}

function OfIncident({ incident, tested, accounts }: Extract<Need, { incident: unknown }>) {
  const { id, subject, title, steps, taken, accountNames, buttons } = incident;
  const { openedAt, firstOpenedAt } = incident;
  return (
    <li className={classes.need}>
      <Count accounts={accounts} />
      <div className={classes.what}>
        <div className={classes.head}>
          <RowLink href={routes.incident(id)} look="name">
            {title}
          </RowLink>
          <IncidentBadge incident={incident} />
        </div>
        <p className={classes.next}>
          {accounts <= NAMED &&
            !tested &&
            accountNames.length > 0 &&
            `${namesText(accountNames, accounts)} · `}
          {subject} · Started <RelativeTime at={openedAt} />
          {firstOpenedAt && (
            <>
              {" "}
              (<OpenedAgain firstOpenedAt={firstOpenedAt} />)
            </>
          )}{" "}
          {tested && `· ${testedText(incident, tested)} `}
          <NextStepText before="· " steps={steps} taken={taken} buttons={buttons} />
        </p>
      </div>
      {tested ? (
        <Group gap="xs" data-repairs>
          <RepairButtons buttons={buttons} limit={1} />
          <OpenAccounts group={tested} />
        </Group>
      ) : (
        <RepairButtons buttons={buttons} limit={2} />
      )}
    </li>
  );
}

function testedText({ accounts }: ExplainedIncident, { failedWith }: AccountsOfCause): string {
  const what = failedWith === NOT_SIGNED_IN ? "They wait for a sign-in" : "Their last test failed";
  return `${what}; the incident counts ${counted(accounts, "account")}`;
}
