/** `30 Nov 2026, 14:05 UTC` */
export function timeText(at: Date): string {
  const [, day, month, year, hour, minute] =
    /, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d)/.exec(at.toUTCString()) ?? [];
  return `${Number(day)} ${month} ${year}, ${hour}:${minute} UTC`;
}
