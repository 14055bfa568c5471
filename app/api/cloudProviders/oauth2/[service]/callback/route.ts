import { authorizationCallback } from "@/lib/http/authorization-callback";

export const dynamic = "force-dynamic";

/** Where an identity platform sends the browser: the path is the one that is registered there. */
export const GET = authorizationCallback;
