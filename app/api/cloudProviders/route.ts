import {
  createCloudProviderOperation,
  listCloudProvidersOperation,
} from "@/lib/http/api/operations/cloud-providers";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(listCloudProvidersOperation);
export const POST = serve(createCloudProviderOperation);
