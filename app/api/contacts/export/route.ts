import { exportContactsOperation } from "@/lib/http/api/operations/exports";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(exportContactsOperation);
