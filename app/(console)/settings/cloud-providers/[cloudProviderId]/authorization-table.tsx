import {
  Group,
  Paper,
  Table,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
} from "@mantine/core";
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
      <Table verticalSpacing="sm" horizontalSpacing="md">
        <TableThead>
          <TableTr>
            <TableTh>Mailbox</TableTh>
            <TableTh>State</TableTh>
            <TableTh>Signed in</TableTh>
            <TableTh>Token</TableTh>
            <TableTh className={classes.menu} aria-label="Actions" />
          </TableTr>
        </TableThead>
        <TableTbody>
          {rows.map((row) => (
            <TableTr key={row.id}>
              <TableTd>
                <div>
                  <Text size="sm" fw={600}>
                    {row.username}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {row.displayName}
                  </Text>
                </div>
              </TableTd>
              <TableTd data-label="State">
                <div>
                  {/* written by lib/tokens only, which knows no other states */}
                  <StateBadge state={row.state as BadgeState} />
                  {row.failureId && (
                    <Text size="xs" c="dimmed" mt={4}>
                      {findRemedy(row.failureId).title}
                    </Text>
                  )}
                </div>
              </TableTd>
              <TableTd data-label="Signed in">
                <Text size="sm">
                  <RelativeTime at={row.signedInAt} /> by {row.signedInByName}
                </Text>
              </TableTd>
              <TableTd data-label="Token">
                <Text size="sm">
                  renewed <RelativeTime at={row.refreshedAt} />, next{" "}
                  <RelativeTime at={row.refreshDueAt} />
                </Text>
              </TableTd>
              <TableTd className={classes.menu}>
                <Group justify="flex-end">
                  <AuthorizationMenu id={row.id} username={row.username} />
                </Group>
              </TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </div>
  );
}
