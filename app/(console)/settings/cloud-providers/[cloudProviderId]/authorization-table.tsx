import { Group, Paper, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { InlineLink } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { type BadgeState, StateBadge } from "@/components/state-badge";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import type { Grant } from "@/lib/registrations/schema";
import { findRemedy } from "@/lib/remedies/catalogue";
import { shownState } from "@/lib/remedies/shown-state";
import type { AuthorizationRow } from "@/lib/sign-ins/schema";
import { AuthorizationMenu } from "./authorization-menu";
import { TokenLife } from "./token-life";

type AuthorizationTableProps = { rows: AuthorizationRow[]; grant: Grant };

/** Who is signed in at a provider, and the state of their tokens. */
export function AuthorizationTable({ rows, grant }: AuthorizationTableProps) {
  if (rows.length === 0)
    return (
      <Paper withBorder p="lg" radius="md">
        <Text size="sm" c="dimmed">
          {NOBODY[grant]}
        </Text>
      </Paper>
    );
  return (
    <Table
      head={
        <>
          <th>Mailbox</th>
          <th>State</th>
          <th>Signed in</th>
          <th>Permissions</th>
          <th>Tokens</th>
          <th className={classes.menu} aria-label="Actions" />
        </>
      }
    >
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
          {/* written by lib/sign-ins/tokens only, which knows no other states */}
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

/** What mail needs: asked for, and granted or not. */
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
