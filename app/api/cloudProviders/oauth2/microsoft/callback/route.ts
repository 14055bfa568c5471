import { authorizationCallback } from "@/lib/http/authorization-callback";

export const dynamic = "force-dynamic";

/** Where Microsoft sends the browser. */
export const GET = authorizationCallback;
