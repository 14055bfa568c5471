import { env } from "@/lib/kernel/env";
import { LinkPage } from "./link-page";

export const metadata = {
  title: "Sign in to your mailbox",
  robots: { index: false, follow: false },
};

// The address is known at run time, not at build time.
export const dynamic = "force-dynamic";

/** The token stays behind the #, out of the server's logs. */
export default function ConnectPage() {
  return <LinkPage host={env().url.host} />;
}
