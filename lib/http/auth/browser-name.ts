import "server-only";
import { headers } from "next/headers";
import { browserName } from "@/lib/people/sessions/browser-name";

export async function readBrowserName(): Promise<string> {
  return browserName((await headers()).get("user-agent") ?? "");
}
