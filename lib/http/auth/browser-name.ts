import "server-only";
import { headers } from "next/headers";
import { browserName } from "@/lib/access/sessions/browser-name";

/** What the browser that asks is called, such as “Firefox on Windows”; empty where it is unknown. */
export async function readBrowserName(): Promise<string> {
  return browserName((await headers()).get("user-agent") ?? "");
}
