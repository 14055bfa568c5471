import { listErrorsOperation } from "@/lib/http/api/operations/errors";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(listErrorsOperation);
