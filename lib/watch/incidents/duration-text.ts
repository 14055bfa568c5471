/** “3 d 4 h”, “2 h 5 min”, “12 min”. */
export function durationText(durationMs: number): string {
  const minutes = Math.max(1, Math.round(durationMs / 60_000));
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60)];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
