import { TabTitle } from "@/components/tab-title";
import { findPersonHere } from "@/lib/http/auth/session";
import { findWaysIn } from "@/lib/people/company/queries";
import { SetUp } from "../set-up";

export default async function SetUpPage() {
  const [{ buttons }, here] = await Promise.all([findWaysIn(), findPersonHere()]);
  return (
    <>
      <TabTitle>Set up</TabTitle>
      <SetUp companies={buttons} here={here} />
    </>
  );
}
