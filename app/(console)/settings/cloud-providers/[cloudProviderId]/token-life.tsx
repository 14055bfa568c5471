import { RelativeTime } from "@/components/relative-time";
import classes from "@/components/table.module.css";
import { DAY_MS, wallTime } from "@/lib/kernel/clock";
import { counted } from "@/lib/kernel/text/schema";
import { DISUSE_DAYS } from "@/lib/oauth/platforms/schema";
import { isByItself } from "@/lib/registrations/registration/schema";
import type { AuthorizationRow } from "@/lib/sign-ins/schema";

/** How long it works unattended, and what happens next. */
export function TokenLife({ row }: { row: AuthorizationRow }) {
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
          {!isByItself(row.grant) && `; the sign-in ends in ${daysLeft(row)}`}
        </span>
      )}
    </>
  );
}

function daysLeft({ refreshedAt }: AuthorizationRow): string {
  const idleDays = (wallTime().getTime() - refreshedAt.getTime()) / DAY_MS;
  return counted(Math.max(0, Math.floor(DISUSE_DAYS - idleDays)), "day");
}
