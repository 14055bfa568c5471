import { DAY_MS, ENDS_SOON_DAYS, lastDayOf, wallTime } from "@/lib/kernel/clock";
import { dayText } from "./day";
import { RelativeTime } from "./relative-time";
import classes from "./table.module.css";

/** @param isInline leaves out the remaining time */
export function ExpiryText({ at, isInline = false }: { at: Date | null; isInline?: boolean }) {
  if (!at) return <span className={classes.dimmed}>Does not expire</span>;
  const days = (at.getTime() - wallTime().getTime()) / DAY_MS;
  const [look, verb] =
    days < 0 ? [classes.over, "expired "] : [days <= ENDS_SOON_DAYS ? classes.soon : undefined, ""];
  return (
    // The server's clock may differ.
    <span className={look} suppressHydrationWarning>
      {dayText(lastDayOf(at))}{" "}
      <span className={isInline ? undefined : classes.second} suppressHydrationWarning>
        {isInline && "("}
        {verb}
        <RelativeTime at={at} />
        {isInline && ")"}
      </span>
    </span>
  );
}
