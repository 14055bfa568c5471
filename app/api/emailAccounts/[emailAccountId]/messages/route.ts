import { listMessagesOperation, sendMessageOperation } from "@/lib/http/api/operations/messages";
import { serve } from "@/lib/http/api/serve";

export const dynamic = "force-dynamic";

export const GET = serve(listMessagesOperation);
export const POST = serve(sendMessageOperation);
