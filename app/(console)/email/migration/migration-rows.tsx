import { Anchor } from "@mantine/core";
import { Badge } from "@/components/badge";
import { dayText } from "@/components/day";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import classes from "@/components/table.module.css";
import { PROTOCOL_NAMES } from "@/lib/checks/schema";
import { MODERN_SERVICES, SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { mailService } from "@/lib/mail/services/schema";
import type { PasswordAccountRow } from "@/lib/migration/schema";
import type { PasswordEnd } from "@/lib/oauth/platform/schema";
import migration from "./migration.module.css";

export function Announcements({ rows }: { rows: readonly PasswordAccountRow[] }) {
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

export function MigrationRow({ row }: { row: PasswordAccountRow }) {
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
  unknown: { label: "Not known", tint: "gray" },
} as const;

function End({ end: { state, day, protocols } }: { end: PasswordEnd }) {
  const { label, tint } = STATES[state];
  return (
    <div>
      <Badge tint={tint}>
        {label}
        {day && ` ${dayText(new Date(day))}`}
      </Badge>{" "}
      {protocols.map((protocol) => PROTOCOL_NAMES[protocol]).join(", ")}
    </div>
  );
}
