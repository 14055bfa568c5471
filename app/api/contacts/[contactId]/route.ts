import {
  deleteContactOperation,
  getContactOperation,
  updateContactOperation,
} from "@/lib/http/api/operations/one-contact";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(getContactOperation);
export const PUT = serve(updateContactOperation);
export const DELETE = serve(deleteContactOperation);
