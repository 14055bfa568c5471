import { findPersonHere } from "@/lib/http/auth/session";
import { findWaysIn } from "@/lib/people/company/queries";
import { SetUp } from "../set-up";

export const metadata = { title: "Set up" };

export default async function SetUpPage() {
  const [{ buttons }, here] = await Promise.all([findWaysIn(), findPersonHere()]);
  return <SetUp companies={buttons} here={here} />;
}
