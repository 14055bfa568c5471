import "server-only";
import { headers } from "next/headers";
import { browserName } from "@/lib/access/sessions/browser-name";

export async function readBrowserName(): Promise<string> {
  return browserName((await headers()).get("user-agent") ?? "");
}
