import { Group } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { Route } from "next";
import type { ReactNode } from "react";
import { InlineLink, LinkButton } from "@/components/links";
import { Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { NextStepText } from "@/components/remedy-steps";
import { RepairButtons } from "@/components/repair";
import { pageAt, routes } from "@/components/routes";
import { RowLink } from "@/components/table";
import { type AccountsOfCause, NOT_SIGNED_IN } from "@/lib/email-accounts/filters/schema";
import { wallTime } from "@/lib/kernel/clock";
import type { Page } from "@/lib/kernel/paging/schema";
import { counted } from "@/lib/kernel/text/schema";
import { type ExplainedIncident, isSilenced, namesText } from "@/lib/watch/incidents/schema";
import { OpenedAgain } from "../incidents/incident-state";
import { accountsOf, buttonsOf, byCause, type Need, needsOf, titleOf } from "./needs";
import classes from "./needs-now.module.css";
import overview from "./overview.module.css";

const NAMED = 3;
const SHOWN = 5;

type NeedsNowProps = {
  incidents: Page<ExplainedIncident>;
  causes: readonly AccountsOfCause[];
  attention: Total;
  /** For first sign-ins. */
  isWaited: boolean;
};

export function NeedsNow({ incidents, causes, attention, isWaited }: NeedsNowProps) {
  const { rows, total } = incidents;
  const needs = byCause(needsOf(rows, causes));
  const [shown, folded] = [needs.slice(0, SHOWN), needs.slice(SHOWN)];
  return (
    <Section title="Needs you now" aside={<InAll attention={attention} incidents={total} />}>
      {needs.length === 0 ? (
        <Calm attention={attention} isWaited={isWaited} />
      ) : (
        <Needs needs={shown} />
      )}
      {folded.length > 0 && (
        <details className={classes.all}>
          <summary>Show {folded.length} more</summary>
          <Needs needs={folded} />
        </details>
      )}
    </Section>
  );
}

function Needs({ needs }: { needs: readonly Need[][] }) {
  return (
    <ul className={`${overview.card} ${classes.needs}`}>
      {needs.map((ofCause) => {
        const [first, ...others] = ofCause;
        if (!first) return null;
        if (others.length > 0) return <OfMany key={keyOf(first)} needs={ofCause} />;
        return <OfOne key={keyOf(first)} need={first} />;
      })}
    </ul>
  );
}

/** One cause at several places is one row, which opens. */
function OfMany({ needs }: { needs: readonly Need[] }) {
  const [first] = needs;
  const accounts = needs.reduce((sum, need) => sum + need.accounts, 0);
  return (
    <li>
      <details className={classes.many}>
        <summary className={classes.need}>
          <Count accounts={accounts} />
          <span className={classes.what}>
            <strong>{first && titleOf(first)}</strong>
            <span className={classes.next}> · At {needs.length} places</span>
          </span>
          <IconChevronDown size={18} aria-hidden />
        </summary>
        <ul className={classes.needs}>
          {needs.map((need) => (
            <OfOne key={keyOf(need)} need={need} />
          ))}
        </ul>
      </details>
    </li>
  );
}

function OfOne({ need }: { need: Need }) {
  return "incident" in need ? <OfIncident {...need} /> : <OfCause group={need.group} />;
}

const keyOf = (need: Need) =>
  "incident" in need
    ? need.incident.id
    : `${need.group.failedWith} ${need.group.cloudProviderId ?? ""} ${placeOf(need.group)}`;

type Total = Page<unknown>["total"];

const totalText = ({ count, isCapped }: Total) =>
  `${count.toLocaleString("en")}${isCapped ? "+" : ""}`;

/** Also those that no row tells. */
function InAll({ attention, incidents }: { attention: Total; incidents: Total }) {
  const isOne = attention.count === 1 && !attention.isCapped;
  return (
    <span className={classes.inAll}>
      {attention.count > 0 && (
        <InlineLink href={pageAt("/email/accounts?view=attention&sort=state")}>
          {totalText(attention)} {isOne ? "account needs" : "accounts need"} attention
        </InlineLink>
      )}
      {incidents.count > 0 && (
        <InlineLink href="/incidents">
          {totalText(incidents)} {incidents.count === 1 ? "incident" : "incidents"}
        </InlineLink>
      )}
    </span>
  );
}

function Calm({ attention, isWaited }: Pick<NeedsNowProps, "attention" | "isWaited">) {
  const allGood = isWaited
    ? "Nothing that worked is failing."
    : "All good: every sign-in is up to date and no test is failing.";
  return (
    <p className={overview.calm}>
      {attention.count === 0
        ? allGood
        : "No incident is open: Postkey opens one when a sign-in that worked or a scheduled test fails."}
    </p>
  );
}

type RowProps = {
  accounts: number;
  href: Route;
  title: string;
  repairs: ReactNode;
  children: ReactNode;
};

function Row({ accounts, href, title, repairs, children }: RowProps) {
  return (
    <li className={classes.need}>
      <Count accounts={accounts} />
      <div className={classes.what}>
        <RowLink href={href} look="name">
          {title}
        </RowLink>
        <p className={classes.next}>{children}</p>
      </div>
      <Group gap="xs" data-repairs>
        {repairs}
      </Group>
    </li>
  );
}

function Count({ accounts }: { accounts: number }) {
  if (accounts === 0) return <span className={classes.count}>Stops nothing</span>;
  return (
    <span className={classes.count}>
      <strong>{accounts.toLocaleString("en")}</strong> {accounts === 1 ? "account" : "accounts"}
    </span>
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
  const { accounts } = group;
  const href = accountsOf(group);
  return (
    <Row
      accounts={accounts}
      href={href}
      title={titleOf({ group })}
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
      repairs={
        <>
          <RepairButtons buttons={buttons} limit={tested ? 1 : 2} />
          {tested && <OpenAccounts href={accountsOf(tested)} />}
        </>
      }
    >
      {isSilenced(incident, wallTime()) && "Silenced · "}
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
