import { followEventsOperation } from "@/lib/http/api/operations/events";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(followEventsOperation);
