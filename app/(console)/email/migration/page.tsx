import { Anchor, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconDownload, IconShieldCheck } from "@tabler/icons-react";
import { Badge } from "@/components/badge";
import { dayText } from "@/components/day";
import { LinkButton } from "@/components/links";
import { SectionPages } from "@/components/list-footer";
import { EmptyState, ListPage } from "@/components/list-page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/table";
import classes from "@/components/table.module.css";
import { PROTOCOL_NAMES } from "@/lib/egress/protocols/schema";

import { MODERN_SERVICES, SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { requireUser } from "@/lib/http/auth/session";
import { readPosition } from "@/lib/kernel/sections/schema";
import { mailService } from "@/lib/mail/services/schema";
import { getMigrationProgress, listMoved, listPasswordAccounts } from "@/lib/migration/queries";
import {
  type MigrationProgress,
  type MovedAccount,
  type PasswordAccountRow,
  UNDO_DAYS,
} from "@/lib/migration/schema";
import type { PasswordEnd } from "@/lib/oauth/platform/schema";
import migration from "./migration.module.css";
import { UndoButton } from "./undo-button";

const PATH = "/email/migration";

export default async function MigrationPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const parameters = await searchParams;
  const [list, progress, moved] = await Promise.all([
    listPasswordAccounts.open(actor, parameters),
    getMigrationProgress(actor),
    listMoved(actor, readPosition(parameters, "moved")),
  ]);
  const { search } = list.params;
  return (
    <ListPage
      list={list}
      path={PATH}
      title="Migration"
      description={summary(progress)}
      noun={{ one: "account", many: "accounts" }}
      search="Search accounts with a password"
      actions={
        <Group gap="xs">
          <LinkButton href={routes.smtpAuthReport} variant="default">
            SMTP AUTH report
          </LinkButton>
          {progress.password > 0 && <Download />}
        </Group>
      }
      filters={[
        { name: "service", label: "Service", all: "All services", options: SERVICE_LABELS },
      ]}
      empty={<NoPasswords />}
      {...(search && {
        nothing: `No account in this view has “${search}” in its name, key, address or user name.`,
      })}
      columns={[
        ["Name", "name"],
        ["Address", "address"],
        ["Service", "service"],
        "What happens to the password",
      ]}
      rows={(rows) => rows.map((row) => <MigrationRow key={row.id} row={row} />)}
      around={(content) => (
        <>
          <Announcements rows={list.rows} />
          {content}
        </>
      )}
      below={
        <>
          <MovedAccounts accounts={moved.rows} />
          <SectionPages
            list={moved}
            place={{ path: PATH, parameters }}
            section="moved"
            noun="account"
          />
        </>
      }
    />
  );
}

function Download() {
  return (
    <Button
      component="a"
      href="/api/migration"
      download
      variant="default"
      leftSection={<IconDownload size={16} />}
    >
      CSV
    </Button>
  );
}

function summary({ modern, password }: MigrationProgress): string {
  const all = modern + password;
  if (all === 0) return "Accounts that still sign in with a password, and their cut-off dates.";
  if (password === 0)
    return all === 1
      ? "Your only account signs in without a password."
      : `All ${all.toLocaleString("en")} accounts sign in without a password.`;
  const still = `${password.toLocaleString("en")} of ${all.toLocaleString("en")} ${all === 1 ? "account" : "accounts"} still`;
  return `${still} ${password === 1 ? "signs" : "sign"} in with a password. What happens, and when:`;
}

function NoPasswords() {
  return (
    <EmptyState
      icon={IconShieldCheck}
      title="No account uses a password"
      link={{ href: "/email/accounts", label: "Open Email Accounts" }}
    >
      Accounts still using passwords appear here with their cut-off dates.
    </EmptyState>
  );
}

function MovedAccounts({ accounts }: { accounts: MovedAccount[] }) {
  if (accounts.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h5" mt="xl">
        Recently moved
      </Title>
      <Text c="dimmed" mb="xs">
        You can move an account back for {UNDO_DAYS} days. Until then its password is kept
        encrypted; after that it is erased.
      </Text>
      <Paper withBorder p="md" radius="md">
        <Stack gap="sm">
          {accounts.map(({ id, name, provider, movedAt }) => (
            <Group key={id} justify="space-between" wrap="nowrap">
              <div>
                <RowLink href={routes.emailAccount(id)}>{name}</RowLink>
                <Text size="xs" c="dimmed">
                  {provider !== null && `to ${provider} `}
                  <RelativeTime at={movedAt} />
                </Text>
              </div>
              <UndoButton id={id} name={name} />
            </Group>
          ))}
        </Stack>
      </Paper>
    </section>
  );
}

function Announcements({ rows }: { rows: readonly PasswordAccountRow[] }) {
  const services = [...new Set(rows.map(({ service }) => service))];
  return (
    <dl className={migration.ends}>
      {services.map((service) => (
        <Announced key={service} service={service} />
      ))}
    </dl>
  );
}

function Announced({ service }: { service: PasswordAccountRow["service"] }) {
  return (
    <div>
      <dt>{SERVICE_LABELS[service]}</dt>
      {mailService(service).passwordEnds.map(({ text, source }) => (
        <dd key={text}>
          {text}{" "}
          {source && (
            <Anchor href={source} target="_blank" rel="noreferrer" inherit underline="always">
              Source
            </Anchor>
          )}
        </dd>
      ))}
    </div>
  );
}

function MigrationRow({ row }: { row: PasswordAccountRow }) {
  return (
    <tr>
      <td>
        <RowLink href={routes.emailAccount(row.id)} look="name">
          {row.name}
        </RowLink>
      </td>
      <td data-label="Address" className={classes.wide}>
        {row.emailAddress}
      </td>
      <td data-label="Service" className={classes.fit}>
        {SERVICE_LABELS[row.service]}
      </td>
      <td data-label="What happens">
        <div>
          {mailService(row.service).passwordEnds.map((end) => (
            <End key={end.text} end={end} />
          ))}
        </div>
      </td>
      <td className={classes.fit}>
        {MODERN_SERVICES.includes(row.service) && (
          <LinkButton
            href={routes.moveAccount(row.id)}
            size="xs"
            variant="default"
            aria-label={`Move ${row.name}`}
          >
            Move
          </LinkButton>
        )}
      </td>
    </tr>
  );
}

const STATES = {
  ended: { label: "Ended", tint: "red" },
  ends: { label: "Ends", tint: "yellow" },
  restricted: { label: "Restricted", tint: "yellow" },
  unknown: { label: "No cut-off date known", tint: "gray" },
} as const;

function End({ end: { state, day, protocols } }: { end: PasswordEnd }) {
  const { label, tint } = STATES[state];
  return (
    <div>
      <Badge tint={tint}>
        {label}
        {day && ` ${dayText(new Date(day))}`}
      </Badge>{" "}
      {state !== "unknown" && protocols.map((protocol) => PROTOCOL_NAMES[protocol]).join(", ")}
    </div>
  );
}
