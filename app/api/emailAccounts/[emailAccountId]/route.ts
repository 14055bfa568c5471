import {
  deleteEmailAccountOperation,
  getEmailAccountOperation,
  setEmailAccountActiveOperation,
  updateEmailAccountOperation,
} from "@/lib/http/api/operations/email-accounts";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(getEmailAccountOperation);
export const PUT = serve(updateEmailAccountOperation);
export const PATCH = serve(setEmailAccountActiveOperation);
export const DELETE = serve(deleteEmailAccountOperation);
