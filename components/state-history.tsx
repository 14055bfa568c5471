import { Paper, Text } from "@mantine/core";
import type { StateChangeRow } from "@/lib/watch/state-changes/schema";
import { type BadgeState, StateBadge } from "./badge";
import { InlineLink } from "./links";
import { RelativeTime } from "./relative-time";
import { routes } from "./routes";
import classes from "./state-history.module.css";

export function StateHistory({ rows }: { rows: StateChangeRow[] }) {
  if (rows.length === 0) return <Text c="dimmed">Nothing has changed yet.</Text>;
  return (
    <Paper withBorder p="md" radius="md">
      <ol className={classes.list}>
        {rows.map((row) => (
          <li key={row.id}>
            {/* the database's triggers know no other states */}
            <StateBadge state={row.shownState as BadgeState} />
            <span className={classes.what}>
              <span>{row.subject}</span>
              {row.reason && row.failureId && (
                <span className={classes.reason}>
                  <InlineLink href={routes.remedy(row.failureId)}>{row.reason}</InlineLink>
                </span>
              )}
            </span>
            <span className={classes.when}>
              <RelativeTime at={row.at} />
            </span>
          </li>
        ))}
      </ol>
    </Paper>
  );
}
