import { TabTitle } from "@/components/tab-title";
import { env } from "@/lib/kernel/env";
import { LinkPage } from "./link-page";

// The address is known at run time, not at build time.
export const dynamic = "force-dynamic";

/** The token stays behind the #, out of the server's logs. */
export default function ConnectPage() {
  return (
    <>
      <TabTitle>Sign in to your mailbox</TabTitle>
      <LinkPage host={env().url.host} />
    </>
  );
}
