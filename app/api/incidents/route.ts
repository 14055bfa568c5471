import { listIncidentsOperation } from "@/lib/http/api/operations/incidents";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(listIncidentsOperation);
