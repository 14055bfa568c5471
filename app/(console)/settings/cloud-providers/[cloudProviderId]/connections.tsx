import { Group, Paper, Stack, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { type BadgeState, StateBadge } from "@/components/badge";
import { InlineLink } from "@/components/links";
import { SectionPages } from "@/components/list-footer";
import { Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import { DAY_MS, wallTime } from "@/lib/kernel/clock";
import { counted } from "@/lib/kernel/text/schema";
import { DISUSE_DAYS } from "@/lib/oauth/platforms/schema";
import { isByItself } from "@/lib/oauth/schema";
import { listProviderMailboxes } from "@/lib/registrations/queries";
import type { Grant } from "@/lib/registrations/schema";
import { findRemedy } from "@/lib/remedies/catalogue";
import { shownState } from "@/lib/remedies/shown-state";
import type { AuthorizationRow } from "@/lib/sign-ins/queries";
import { DomainWideDelegation } from "../domain-wide-delegation";
import { AppOnlyAccess } from "./app-only-access";
import { ClosedMailbox } from "./closed-mailbox";
import { AuthorizationMenu } from "./provider-buttons";
import type { Shown } from "./shown";

export async function Connections({ actor, provider, authorizations, place, closed }: Shown) {
  const table = (
    <>
      <AuthorizationTable rows={authorizations.rows} grant={provider.grant} />
      <SectionPages list={authorizations} place={place} section="signedIn" noun="sign-in" />
    </>
  );
  if (!isByItself(provider.grant))
    return (
      <Section title="Signed in" id="signed-in">
        {table}
      </Section>
    );
  return (
    <>
      <Section title="Connected" id="signed-in">
        {table}
      </Section>
      <Section title="Access of the application">
        {provider.grant === "domain_wide" ? (
          <DomainWideDelegation clientId={provider.clientId} />
        ) : (
          <Stack gap="sm">
            <AppOnlyAccess
              name={provider.name}
              clientId={provider.clientId}
              objectId={authorizations.rows[0]?.objectId || null}
              permissions={authorizations.rows[0]?.permissions ?? []}
              {...(await listProviderMailboxes(actor, provider.id))}
            />
            <ClosedMailbox provider={provider} closed={closed} />
          </Stack>
        )}
      </Section>
    </>
  );
}

function AuthorizationTable({ rows, grant }: { rows: AuthorizationRow[]; grant: Grant }) {
  if (rows.length === 0)
    return (
      <Paper withBorder p="lg" radius="md">
        <Text c="dimmed">{NOBODY[grant]}</Text>
      </Paper>
    );
  return (
    <Table columns={["Mailbox", "State", "Signed in", "Permissions", "Tokens"]} hasActions>
      {rows.map((row) => (
        <Row key={row.id} row={row} grant={grant} />
      ))}
    </Table>
  );
}

function Row({ row, grant }: { row: AuthorizationRow; grant: Grant }) {
  return (
    <tr>
      <td className={classes.wide}>
        <div>
          <span className={classes.name}>{row.username || row.displayName}</span>
          <span className={classes.second}>{row.username ? row.displayName : row.objectId}</span>
        </div>
      </td>
      <td data-label="State">
        <div>
          {/* Written by lib/sign-ins/tokens alone. */}
          <StateBadge state={shownState(row.state, [row.failureId]) as BadgeState} />
          {row.failureId && (
            <span className={classes.second}>
              <InlineLink href={routes.remedy(row.failureId)}>
                {findRemedy(row.failureId).title}
              </InlineLink>
            </span>
          )}
        </div>
      </td>
      <td data-label="Signed in">
        <span>
          <RelativeTime at={row.signedInAt} /> by {row.signedInByName}
        </span>
      </td>
      <td data-label="Permissions">
        <Permissions permissions={row.permissions} />
      </td>
      <td data-label="Tokens">
        <div>
          <TokenLife row={row} />
        </div>
      </td>
      <td className={classes.menu}>
        <AuthorizationMenu id={row.id} username={row.username} grant={grant} />
      </td>
    </tr>
  );
}

function Permissions({ permissions }: Pick<AuthorizationRow, "permissions">) {
  return (
    <div>
      {permissions.map(({ name, isGranted }) => (
        <Group key={name} gap={4} wrap="nowrap">
          {isGranted ? (
            <IconCheck size={14} color="var(--mantine-color-teal-filled)" aria-label="granted" />
          ) : (
            <IconX size={14} color="var(--mantine-color-error)" aria-label="missing" />
          )}
          <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
            {name}
          </Text>
        </Group>
      ))}
    </div>
  );
}

const NOBODY = {
  delegated:
    "No one is signed in yet. Authenticate opens the sign-in page. Sign in there with the mailbox's own address and accept the permissions.",
  device_code:
    "No one is signed in yet. Authenticate shows a code for the owner of the mailbox to enter on another device.",
  app_only: "The application is not connected yet. Connect gets its own token; no one signs in.",
  domain_wide:
    "No email account uses this service account yet. Postkey connects the mailbox of each account that does.",
} as const satisfies Record<Grant, string>;

function TokenLife({ row }: { row: AuthorizationRow }) {
  const { state, accessTokenExpiresAt, refreshDueAt, failingSince } = row;
  if (state === "connected")
    return (
      <>
        <span>
          renews <RelativeTime at={refreshDueAt} />
        </span>
        <span className={classes.second}>
          expires <RelativeTime at={accessTokenExpiresAt} />
          {!isByItself(row.grant) && `; without renewal the sign-in would end in ${daysLeft(row)}`}
        </span>
      </>
    );
  return (
    <>
      {state === "retrying" && (
        <span>
          retries <RelativeTime at={refreshDueAt} />
        </span>
      )}
      <span className={state === "retrying" ? classes.second : undefined}>
        {accessTokenExpiresAt > wallTime() ? "current token expires " : "last token expired "}
        <RelativeTime at={accessTokenExpiresAt} />
      </span>
      {failingSince && (
        <span className={classes.second}>
          started failing <RelativeTime at={failingSince} />
          {state === "retrying" &&
            !isByItself(row.grant) &&
            `; the sign-in ends in ${daysLeft(row)}`}
        </span>
      )}
    </>
  );
}

function daysLeft({ refreshedAt }: AuthorizationRow): string {
  const idleDays = (wallTime().getTime() - refreshedAt.getTime()) / DAY_MS;
  return counted(Math.max(0, Math.floor(DISUSE_DAYS - idleDays)), "day");
}
