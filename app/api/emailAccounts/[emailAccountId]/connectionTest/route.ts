import { findTestedAccount } from "@/lib/connection-tests/store";
import { AppError } from "@/lib/errors";
import { idSchema } from "@/lib/fields/schema";
import { connectionTestStream } from "@/lib/http/connection-test-stream";
import { defineRoute } from "@/lib/http/route";

export const dynamic = "force-dynamic";

/** Runs a connection test and tells its stages as they end: application/x-ndjson, see TestEvent. */
export const POST = defineRoute<{ emailAccountId: string }>(async ({ request, actor, params }) => {
  const id = idSchema.safeParse(params.emailAccountId);
  if (!id.success) throw new AppError("not_found", "This email account no longer exists.");
  const account = await findTestedAccount(actor, id.data);
  return connectionTestStream(actor, account, request.signal);
});
