import { updateClientSecretOperation } from "@/lib/http/api/operations/cloud-providers";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const PUT = serve(updateClientSecretOperation);
