import {
  deleteContactListOperation,
  renameContactListOperation,
} from "@/lib/http/api/operations/one-contact";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const PUT = serve(renameContactListOperation);
export const DELETE = serve(deleteContactListOperation);
