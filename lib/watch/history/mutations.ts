import "server-only";
import { pool } from "@/lib/kernel/db";
import { keepGauge } from "@/lib/kernel/metrics/store";
import { CAPTURE_LAG } from "../metrics/gauges";

export async function sampleCaptureLag(): Promise<void> {
  const { rows } = await pool().query<{ lagS: number }>(
    `SELECT coalesce((${CAPTURE_LAG}), 0) AS "lagS"
      WHERE EXISTS (SELECT 1 FROM "EmailAccount" WHERE active AND "contactListId" IS NOT NULL)`,
  );
  for (const { lagS } of rows) await keepGauge(lagS);
}
