import { Group } from "@mantine/core";
import type { Route } from "next";
import type { ReactNode } from "react";
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
import { accountsOf, buttonsOf, type Need, needsOf } from "./needs";
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
      {needs.length === 0 ? <Attention attention={attention} /> : <Needs needs={shown} />}
      {folded.length > 0 && (
        <details className={classes.all}>
          <summary>Show {folded.length} more</summary>
          <Needs needs={folded} />
        </details>
      )}
      {told > 0 && <Attention told={told} attention={attention} />}
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
        return <OfCause key={keyOf(need.group)} group={need.group} />;
      })}
    </ul>
  );
}

const keyOf = (group: AccountsOfCause) =>
  `${group.failedWith} ${group.cloudProviderId ?? ""} ${placeOf(group)}`;

type AttentionProps = { attention: NeedsNowProps["attention"]; told?: number };

/** @param told accounts that the rows above count */
function Attention({ attention: { count, isCapped }, told = 0 }: AttentionProps) {
  if (count === 0)
    return (
      <p className={overview.calm}>All good: every sign-in is up to date and no test is failing.</p>
    );
  if (told > 0 && count <= told) return null;
  const verb = count === 1 && !isCapped ? "account needs" : "accounts need";
  return (
    <p className={told > 0 ? overview.more : overview.calm}>
      <InlineLink href={pageAt("/email/accounts?view=attention&sort=state")}>
        {count.toLocaleString("en")}
        {isCapped && "+"} {verb} attention{told > 0 && " in all"}
      </InlineLink>
      {told > 0
        ? ". Postkey opens an incident when a sign-in that worked or a scheduled test fails."
        : ". No incident is open: Postkey opens one when a sign-in that worked or a scheduled test fails."}
    </p>
  );
}

type RowProps = {
  accounts: number;
  href: Route;
  title: string;
  badge?: ReactNode;
  repairs: ReactNode;
  children: ReactNode;
};

function Row({ accounts, href, title, badge, repairs, children }: RowProps) {
  return (
    <li className={classes.need}>
      <span className={classes.count}>
        <strong>{accounts.toLocaleString("en")}</strong> {accounts === 1 ? "account" : "accounts"}
      </span>
      <div className={classes.what}>
        <div className={classes.head}>
          <RowLink href={href} look="name">
            {title}
          </RowLink>
          {badge}
        </div>
        <p className={classes.next}>{children}</p>
      </div>
      <Group gap="xs" data-repairs>
        {repairs}
      </Group>
    </li>
  );
}

function OpenAccounts({ href }: { href: Route }) {
  return (
    <LinkButton href={href} size="xs" variant="light">
      Open the accounts
    </LinkButton>
  );
}

function OfCause({ group }: { group: AccountsOfCause }) {
  const { failedWith, accounts } = group;
  const href = accountsOf(group);
  return (
    <Row
      accounts={accounts}
      href={href}
      title={findRemedy(failedWith).title}
      repairs={
        <>
          <RepairButtons buttons={buttonsOf(group)} />
          <OpenAccounts href={href} />
        </>
      }
    >
      {placeOf(group)}
      {group.cloudProviderId === null && " · With a password"}
      {` · ${accounts === 1 ? "Its" : "Their"} last test failed`}
    </Row>
  );
}

function placeOf(group: AccountsOfCause): string {
  return group.cloudProviderId === null ? group.server : group.provider;
}

function OfIncident({ incident, tested, accounts }: Extract<Need, { incident: unknown }>) {
  const { id, subject, title, accountNames, buttons, openedAt, firstOpenedAt } = incident;
  const isNamed = accounts <= NAMED && !tested && accountNames.length > 0;
  return (
    <Row
      accounts={accounts}
      href={routes.incident(id)}
      title={title}
      badge={<IncidentBadge incident={incident} />}
      repairs={
        <>
          <RepairButtons buttons={buttons} limit={tested ? 1 : 2} />
          {tested && <OpenAccounts href={accountsOf(tested)} />}
        </>
      }
    >
      {isNamed && `${namesText(accountNames, accounts)} · `}
      {subject} · Started <RelativeTime at={openedAt} />
      {firstOpenedAt && (
        <>
          {" "}
          (<OpenedAgain firstOpenedAt={firstOpenedAt} />)
        </>
      )}{" "}
      {tested && `· ${testedText(incident, tested)} `}
      <NextStepText before="· " steps={incident.steps} taken={incident.taken} buttons={buttons} />
    </Row>
  );
}

function testedText({ accounts }: ExplainedIncident, { failedWith }: AccountsOfCause): string {
  const what = failedWith === NOT_SIGNED_IN ? "They wait for a sign-in" : "Their last test failed";
  return `${what}; the incident counts ${counted(accounts, "account")}`;
}
