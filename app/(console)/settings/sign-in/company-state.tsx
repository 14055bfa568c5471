import { Badge } from "@/components/badge";
import type { CompanySignInRow } from "@/lib/people/company/queries";

type CompanyStateProps = Pick<CompanySignInRow, "enabled" | "testedAt" | "hasFailed">;

export function CompanyState({ enabled, testedAt, hasFailed }: CompanyStateProps) {
  if (enabled) return <Badge tint="teal">On</Badge>;
  if (!testedAt && hasFailed) return <Badge tint="red">Test failed</Badge>;
  return <Badge tint={testedAt ? "gray" : "yellow"}>{testedAt ? "Off" : "Not tested"}</Badge>;
}
