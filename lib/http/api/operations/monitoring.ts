import { z } from "zod";
import { toPrometheusText } from "@/lib/kernel/metrics/schema";
import { readHealth } from "@/lib/watch/health/queries";
import { readMetrics } from "@/lib/watch/metrics/queries";
import { timestamp } from "../answers";
import { defineOperation } from "../operation";

const tag = "Monitoring";

export const getHealthOperation = defineOperation({
  id: "getHealth",
  method: "GET",
  path: "/api/health",
  tag,
  summary: "How web, keeper, gateways, database and identity platforms are",
  description:
    'Without a key it only says whether this process can serve: `{"status":"ok"}`, or 503. With one it has a verdict for each part.',
  permission: null,
  toStrangers: () => Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } }),
  answer: {
    status: 200,
    description: "`degraded`: this process serves, and something else needs a person.",
    schema: z.object({
      status: z.enum(["ok", "degraded"]),
      web: z.object({ status: z.enum(["ok", "locked"]), reason: z.string().optional() }),
      keeper: z.object({
        status: z.enum(["ok", "not_running"]),
        running: z.number().int(),
        lastBeatAt: timestamp.nullable(),
      }),
      gateway: z
        .object({
          status: z
            .enum(["ok", "not_running", "not_needed"])
            .describe(
              "`not_running`: devices need a gateway, and none was seen for a minute. `not_needed`: nothing listens for devices, and none was used for 30 days.",
            ),
          running: z.number().int(),
          lastSeenAt: timestamp.nullable(),
          gateways: z.array(
            z.object({
              id: z.uuid(),
              host: z.string().describe("The name of its machine."),
              startedAt: timestamp,
              lastSeenAt: timestamp,
              listeners: z.array(z.string()).describe("Such as `imaps://0.0.0.0:993`."),
              places: z
                .object({ imap: z.number(), pop3: z.number(), smtp: z.number() })
                .describe("Connections to the servers of accounts that it holds."),
            }),
          ),
        })
        .describe("Gateways that serve devices."),
      database: z.object({ status: z.literal("ok"), latencyMs: z.number() }),
      identityPlatforms: z.object({
        status: z
          .enum(["ok", "waiting", "lapsed"])
          .describe(
            "`waiting`: a platform asked Postkey to pause requests. `lapsed`: a token expired.",
          ),
        pauses: z.array(
          z.object({
            authority: z.string(),
            tenantId: z.string(),
            clientId: z.string(),
            until: timestamp.describe("When Postkey asks again."),
            askedUntil: timestamp.nullable().describe("Until when it was asked to wait."),
            lapsedTokens: z.number().int(),
          }),
        ),
      }),
    }),
  },
  handle: ({ actor }) => readHealth(actor),
});

export const getMetricsOperation = defineOperation({
  id: "getMetrics",
  method: "GET",
  path: "/api/metrics",
  tag,
  summary: "Metrics for Prometheus",
  description:
    "Counts of the whole installation, whichever process counted; what the last ten seconds counted may be missing.",
  permission: "metrics:read",
  answer: {
    status: 200,
    description: "Prometheus' text format.",
    contentType: "text/plain; version=0.0.4; charset=utf-8",
  },
  async handle({ actor }) {
    const text = toPrometheusText(await readMetrics(actor));
    return new Response(text, {
      headers: {
        "content-type": "text/plain; version=0.0.4; charset=utf-8",
        "cache-control": "no-store",
      },
    });
  },
});
