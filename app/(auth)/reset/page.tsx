import type { Metadata } from "next";
import { ResetPassword } from "./reset-password";

export const metadata: Metadata = { title: "New password" };

/** The token stays behind the #, out of the server's logs: the browser asks what the link is good for. */
export default function ResetPage() {
  return <ResetPassword />;
}
