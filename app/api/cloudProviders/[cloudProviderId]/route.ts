import {
  deleteCloudProviderOperation,
  getCloudProviderOperation,
} from "@/lib/http/api/operations/cloud-providers";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(getCloudProviderOperation);
export const DELETE = serve(deleteCloudProviderOperation);
