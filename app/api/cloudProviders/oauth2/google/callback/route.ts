import { authorizationCallback } from "@/lib/http/authorization-callback";

export const dynamic = "force-dynamic";

/** Where Google sends the browser. */
export const GET = authorizationCallback;
