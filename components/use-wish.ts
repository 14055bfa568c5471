"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useEffectEvent } from "react";

/**
 * What the address of a page asks for beside showing it, such as `?test=now`: done once for each press of a link, and
 * not again by a reload or the way back. The address stays as it is, because Next.js loads the whole document when it
 * changes while a refresh is under way.
 *
 * @param isPossible false as long as it has to wait
 */
export function useWish(
  name: string,
  fulfil: (wish: string) => void,
  { isPossible = true } = {},
): void {
  const given = useSearchParams().get(name);
  const wish = isPossible ? given : null;
  const latest = useEffectEvent(fulfil);
  useEffect(() => {
    const look = () => {
      if (wish === null || sessionStorage.getItem(keyOf(name, window.location))) return;
      sessionStorage.setItem(keyOf(name, window.location), "fulfilled");
      latest(wish);
    };
    look();
    looking.add(look);
    return () => void looking.delete(look);
  }, [name, wish]);
}

const looking = new Set<() => void>();

const keyOf = (name: string, { pathname, search }: Pick<URL, "pathname" | "search">) =>
  `wish ${name} ${pathname}${search}`;

/** A press of a link asks again, also on the page that it leads to. @returns how to stop */
export function renewWishes(): () => void {
  const renew = ({ target }: MouseEvent) => {
    const link = target instanceof Element ? target.closest("a") : null;
    if (!link?.search) return;
    for (const name of new URLSearchParams(link.search).keys())
      sessionStorage.removeItem(keyOf(name, link));
    for (const look of looking) look();
  };
  document.addEventListener("click", renew, true);
  return () => document.removeEventListener("click", renew, true);
}
