import type { Remedy } from "@/lib/remedies/remedy";

type Failure = { code: Remedy["id"]; detail?: string | null | undefined; at?: Date | null };

/** Code, correlation id, trace id, time and message, for Microsoft's support. */
export function supportText({ code, detail, at }: Failure): string {
  const said = detail ?? "";
  const value = (name: string, pattern: string) =>
    new RegExp(`${name}: (${pattern})`, "i").exec(said)?.[1];
  const time = value("Timestamp", "\\d{4}-\\d\\d-\\d\\d[ T][\\d:.]+Z") ?? at?.toISOString();
  const lines = [
    ["Code", code],
    ["Correlation ID", value("Correlation ID", "[0-9a-f-]{36}")],
    ["Trace ID", value("Trace ID", "[0-9a-f-]{36}")],
    ["Time", time],
    ["Message", said.replace(/(?<!\s)\s*Trace ID: .*$/s, "")],
  ];
  return lines.flatMap(([name, text]) => (text ? [`${name}: ${text}`] : [])).join("\n");
}
