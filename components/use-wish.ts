"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useEffectEvent } from "react";
import { useToldParams } from "./told-params";

/**
 * What the address of a page asks for beside showing it, such as `?test=now`: done once, and taken out of the
 * address.
 */
export function useWish(name: string, fulfil: (wish: string) => void): void {
  const wish = useSearchParams().get(name);
  const latest = useEffectEvent(fulfil);
  useEffect(() => {
    if (wish !== null) latest(wish);
  }, [wish]);
  useToldParams([name], wish !== null);
}
