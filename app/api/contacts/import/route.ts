import { importContactsOperation } from "@/lib/http/api/operations/contacts";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const POST = serve(importContactsOperation);
