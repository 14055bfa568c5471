import { Anchor } from "@mantine/core";
import { Badge } from "@/components/badge";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { SortHeader } from "@/components/sort-header";
import classes from "@/components/table.module.css";
import { MODERN_SERVICES, SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { type ListParams, sortLink } from "@/lib/kernel/paging/schema";
import { mailHouse } from "@/lib/mail/schema";
import type { MigrationSort, PasswordAccountRow } from "@/lib/migration/schema";
import type { PasswordEnd } from "@/lib/oauth/platform/schema";

type MigrationTableProps = {
  rows: PasswordAccountRow[];
  params: ListParams<MigrationSort>;
  path: string;
};

export function MigrationTable({ rows, params, path }: MigrationTableProps) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <SortHeader label="Name" {...sortLink(path, params, "name")} />
            <SortHeader label="Address" {...sortLink(path, params, "address")} />
            <SortHeader label="Service" {...sortLink(path, params, "service")} />
            <th>What happens to the password</th>
            <th aria-label="Move" />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
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
                  {mailHouse(row.service).passwordEnds.map((end) => (
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
          ))}
        </tbody>
      </table>
    </div>
  );
}

const STATES = {
  ended: { label: "Ended", tint: "red" },
  ends: { label: "Ends", tint: "yellow" },
  restricted: { label: "Restricted", tint: "yellow" },
  unknown: { label: "Not known", tint: "gray" },
} as const;

function End({ end }: { end: PasswordEnd }) {
  const { label, tint } = STATES[end.state];
  return (
    <div>
      <Badge tint={tint}>
        {label}
        {end.day && ` ${end.day}`}
      </Badge>{" "}
      <span>
        {end.text}{" "}
        {end.source && (
          <Anchor href={end.source} target="_blank" rel="noreferrer" inherit underline="always">
            Source
          </Anchor>
        )}
      </span>
    </div>
  );
}
