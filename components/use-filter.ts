"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTransition } from "react";
import { pageAt } from "./routes";

/** A new filter begins at the first page. */
export const PLACES = ["after", "before", "row"] as const;

/** In the address, so a link is a view; empty text removes it. */
export function useFilter() {
  const router = useRouter();
  const pathname = usePathname();
  const searchParams = useSearchParams();
  const [isBusy, start] = useTransition();
  const go = (params: URLSearchParams) =>
    start(() => router.replace(pageAt(`${pathname}?${params}`), { scroll: false }));
  const set = (name: string, value: string) => {
    const params = new URLSearchParams(searchParams);
    for (const place of PLACES) params.delete(place);
    if (value) params.set(name, value);
    else params.delete(name);
    go(params);
  };
  return {
    get: (name: string) => searchParams.get(name) ?? "",
    set,
    clear: () => go(new URLSearchParams()),
    isBusy,
  };
}
