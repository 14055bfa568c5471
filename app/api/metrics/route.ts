import { getMetricsOperation } from "@/lib/http/api/operations/monitoring";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(getMetricsOperation);
