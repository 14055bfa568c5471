import { createContactOperation, listContactsOperation } from "@/lib/http/api/operations/contacts";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(listContactsOperation);
export const POST = serve(createContactOperation);
