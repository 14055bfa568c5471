import { listConnectionTestsOperation } from "@/lib/http/api/operations/connection-tests";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(listConnectionTestsOperation);
