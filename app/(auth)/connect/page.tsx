import type { Metadata } from "next";
import { env } from "@/lib/kernel/env";
import { LinkPage } from "./link-page";

export const metadata: Metadata = {
  title: "Sign in your mailbox",
  robots: { index: false, follow: false },
};

// The address of this installation is known when it runs, not when it is built.
export const dynamic = "force-dynamic";

/** For the owner of a mailbox, who has no account here. The token stays behind the #, out of the server's logs. */
export default function ConnectPage() {
  return <LinkPage host={env().url.host} />;
}
