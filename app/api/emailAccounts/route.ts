import {
  createEmailAccountOperation,
  listEmailAccountsOperation,
} from "@/lib/http/api/operations/email-accounts";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(listEmailAccountsOperation);
export const POST = serve(createEmailAccountOperation);
