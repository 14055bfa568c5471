import { toPrometheusText } from "@/lib/kernel/metrics/schema";
import { readHealth } from "@/lib/watch/health/queries";
import { healthSchema } from "@/lib/watch/health/schema";
import { readMetrics } from "@/lib/watch/metrics/queries";
import { ok, operationsOf } from "../operation";

const { define } = operationsOf("Monitoring");

export const getHealthOperation = define({
  at: "getHealth: GET /api/health",
  summary: "How web, keeper, gateways, database and identity platforms are",
  description:
    'Without a key it only says whether this process can serve: `{"status":"ok"}`, or 503. With one it has a verdict for each part.',
  permission: null,
  toStrangers: () => Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } }),
  answer: ok("`degraded`: this process serves, and something else needs a person.", healthSchema),
  handle: ({ actor }) => readHealth(actor),
});

const PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

export const getMetricsOperation = define({
  at: "getMetrics: GET /api/metrics",
  summary: "Metrics for Prometheus",
  description:
    "Counts of the whole installation, whichever process counted; what the last ten seconds counted may be missing.",
  permission: "metrics:read",
  answer: {
    status: 200,
    description: "Prometheus' text format.",
    contentType: PROMETHEUS,
  },
  async handle({ actor }) {
    const text = toPrometheusText(await readMetrics(actor));
    return new Response(text, { headers: { "content-type": PROMETHEUS } });
  },
});
