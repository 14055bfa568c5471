import { getAccessTokenOperation } from "@/lib/http/api/operations/access-tokens";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(getAccessTokenOperation);
