import { TabTitle } from "@/components/tab-title";
import { findPersonHere } from "@/lib/http/auth/session";
import { ResetPassword } from "../set-up";

/** The token stays behind the #, out of the server's logs. */
export default async function ResetPage() {
  return (
    <>
      <TabTitle>New password</TabTitle>
      <ResetPassword here={await findPersonHere()} />
    </>
  );
}
