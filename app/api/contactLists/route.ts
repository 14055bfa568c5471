import {
  createContactListOperation,
  listContactListsOperation,
} from "@/lib/http/api/operations/contacts";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(listContactListsOperation);
export const POST = serve(createContactListOperation);
