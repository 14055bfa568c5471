import { DAY_MS, wallTime } from "@/lib/kernel/clock";
import { dayText } from "./day";
import { RelativeTime } from "./relative-time";
import classes from "./table.module.css";

const SOON_DAYS = 30;

/** The day on which a credential expires, if it does: orange within a month, red when it is over. */
export function ExpiryText({ at }: { at: Date | null }) {
  if (!at) return <span className={classes.dimmed}>Does not expire</span>;
  const days = (at.getTime() - wallTime().getTime()) / DAY_MS;
  const [look, verb] = days < 0 ? [classes.over, "expired "] : [soon(days), ""];
  return (
    // As with RelativeTime, the server's clock may say another thing.
    <span className={look} suppressHydrationWarning>
      {dayText(at)}{" "}
      <span className={classes.second} suppressHydrationWarning>
        {verb}
        <RelativeTime at={at} />
      </span>
    </span>
  );
}

function soon(days: number): string | undefined {
  return days < SOON_DAYS ? classes.soon : undefined;
}
