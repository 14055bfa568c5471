import { roundTripOperation } from "@/lib/http/api/operations/messages";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const POST = serve(roundTripOperation);
