import { useSearchParams } from "next/navigation";
import { useEffect, useEffectEvent } from "react";
import { inStorage } from "./tab-memory";

/**
 * `?test=now` acts once per press of a link, not on reload or back. The address stays: changing it
 * during a refresh makes Next.js load the whole document.
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
      const key = keyOf(name, window.location);
      if (wish === null || fulfilled.has(key)) return;
      if (inStorage(() => sessionStorage.getItem(key))) return;
      fulfilled.add(key);
      inStorage(() => sessionStorage.setItem(key, "fulfilled"));
      latest(wish);
    };
    look();
    looking.add(look);
    return () => void looking.delete(look);
  }, [name, wish]);
}

const looking = new Set<() => void>();

/** Until the document is left, also where the browser keeps nothing. */
const fulfilled = new Set<string>();

const keyOf = (name: string, { pathname, search }: Pick<URL, "pathname" | "search">) =>
  `wish ${name} ${pathname}${search}`;

/** A press leads there, if by a link or by what was done. */
export function renewWishesAt(place: Pick<URL, "pathname" | "search">): void {
  for (const name of new URLSearchParams(place.search).keys()) {
    const key = keyOf(name, place);
    fulfilled.delete(key);
    inStorage(() => sessionStorage.removeItem(key));
  }
}

export function renewWishes(): () => void {
  const renew = ({ target }: MouseEvent) => {
    const link = target instanceof Element ? target.closest("a") : null;
    if (!link?.search) return;
    renewWishesAt(link);
    for (const look of looking) look();
  };
  document.addEventListener("click", renew, true);
  return () => document.removeEventListener("click", renew, true);
}
