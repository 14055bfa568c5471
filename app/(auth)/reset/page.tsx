import { findPersonHere } from "@/lib/http/auth/session";
import { ResetPassword } from "../set-up";

export const metadata = { title: "New password" };

/** The token stays behind the #, out of the server's logs. */
export default async function ResetPage() {
  return <ResetPassword here={await findPersonHere()} />;
}
