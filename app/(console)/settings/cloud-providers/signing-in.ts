import { IconLogin2 } from "@tabler/icons-react";
import { act } from "@/components/acts";
import { leaveFor } from "@/components/use-action";
import type { BeginAuthorization } from "@/lib/sign-ins/schema";
import { beginAuthorizationAction } from "./actions";

export function signingIn(subject: BeginAuthorization) {
  return { icon: IconLogin2, run: act(() => beginAuthorizationAction(subject), leaveFor) };
}
