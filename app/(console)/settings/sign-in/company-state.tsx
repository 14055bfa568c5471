import { Badge } from "@/components/badge";
import type { CompanySignInRow } from "@/lib/access/company/schema";

export function CompanyState({
  enabled,
  testedAt,
}: Pick<CompanySignInRow, "enabled" | "testedAt">) {
  if (enabled) return <Badge tint="teal">On</Badge>;
  return <Badge tint={testedAt ? "gray" : "yellow"}>{testedAt ? "Off" : "Not tested"}</Badge>;
}
