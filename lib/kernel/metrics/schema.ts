/** With help texts. Prometheus naming: base units, `_total`. */
export const COUNTERS = {
  postkey_token_refreshes_total: "Token renewals by result.",
  postkey_token_refresh_failures_total: "Failed token renewals by what they need and why.",
  postkey_connection_tests_total: "Connection tests by protocol and verdict.",
  postkey_api_requests_total: "API calls by operation and HTTP status.",
  postkey_device_sign_ins_total: "Sign-ins of devices at the gateway by protocol and outcome.",
  postkey_device_connections_refused_total:
    "Connections of devices that were turned away before a login, by protocol and reason.",
  postkey_device_messages_total: "Messages of devices that their accounts' servers took.",
  postkey_device_bytes_total: "Bytes of devices in both directions after the login, by protocol.",
  postkey_device_messages_paced_total:
    "Messages of devices that were too fast, by what became of them.",
  postkey_own_connections_total:
    "SMTP connections of Postkey's own mail and tests: within the places of the mailbox, or beyond them.",
} as const;
export type CounterName = keyof typeof COUNTERS;

export const HISTOGRAMS = {
  postkey_connection_test_duration_seconds: "How long a protocol of a connection test took.",
} as const;
export type HistogramName = keyof typeof HISTOGRAMS;

/** Seconds: a nearby test takes 0.1, one around the world 2; the limit is 30. */
export const HISTOGRAM_BUCKETS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** Also kept by time, for charts. */
export const CHARTED = [
  "postkey_token_refreshes_total",
  "postkey_connection_tests_total",
  "postkey_connection_test_duration_seconds_bucket",
] as const satisfies readonly (CounterName | `${HistogramName}_bucket`)[];

/** Each chart reads one span as it is, so the longest range is as fast as the shortest. */
export const BUCKET_SPANS = {
  "5m": { width: "5 minutes", kept: "2 hours" },
  "1h": { width: "1 hour", kept: "2 days" },
  "6h": { width: "6 hours", kept: "9 days" },
  "1d": { width: "24 hours", kept: "35 days" },
} as const;
export type BucketSpan = keyof typeof BUCKET_SPANS;

export type Sample = { name: string; labels: string; value: number };

export type Family = {
  name: string;
  help: string;
  type: "counter" | "gauge" | "histogram";
  samples: Sample[];
};

export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(",");
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

/** Version 0.0.4 ("Exposition formats"). */
export function toPrometheusText(families: readonly Family[]): string {
  return families
    .map(({ name, help, type, samples }) => {
      const lines = samples.map(({ name: sample, labels, value }) =>
        labels === "" ? `${sample} ${value}` : `${sample}{${labels}} ${value}`,
      );
      return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
    })
    .join("");
}
