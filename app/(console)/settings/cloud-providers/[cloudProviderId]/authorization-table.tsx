import { Paper, Text } from "@mantine/core";
import { RelativeTime } from "@/components/relative-time";
import { type BadgeState, StateBadge } from "@/components/state-badge";
import classes from "@/components/table.module.css";
import type { AuthorizationRow } from "@/lib/authorizations/schema";
import { findRemedy } from "@/lib/remedies/catalogue";
import { AuthorizationMenu } from "./authorization-menu";

/** Who is signed in at a provider, and how their tokens stand. */
export function AuthorizationTable({ rows }: { rows: AuthorizationRow[] }) {
  if (rows.length === 0)
    return (
      <Paper withBorder p="lg" radius="md">
        <Text size="sm" c="dimmed">
          Nobody is signed in yet. Authenticate opens the sign-in page; sign in with the mailbox's
          own address there and accept the permissions.
        </Text>
      </Paper>
    );
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <th>Mailbox</th>
            <th>State</th>
            <th>Signed in</th>
            <th>Token</th>
            <th className={classes.menu} aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <div>
                  <span className={classes.name}>{row.username}</span>
                  <span className={classes.second}>{row.displayName}</span>
                </div>
              </td>
              <td data-label="State">
                <div>
                  {/* written by lib/tokens only, which knows no other states */}
                  <StateBadge state={row.state as BadgeState} />
                  {row.failureId && (
                    <span className={classes.second}>{findRemedy(row.failureId).title}</span>
                  )}
                </div>
              </td>
              <td data-label="Signed in">
                <span>
                  <RelativeTime at={row.signedInAt} /> by {row.signedInByName}
                </span>
              </td>
              <td data-label="Token">
                <span>
                  renewed <RelativeTime at={row.refreshedAt} />, next{" "}
                  <RelativeTime at={row.refreshDueAt} />
                </span>
              </td>
              <td className={classes.menu}>
                <AuthorizationMenu id={row.id} username={row.username} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
