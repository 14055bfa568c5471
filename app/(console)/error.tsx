"use client";

import { LazyFailed } from "@/components/lazy-failed";

/** What a page of the console could not handle. */
export default function ConsoleError({ retry }: { error: Error; retry: () => void }) {
  return <LazyFailed retry={retry} isInConsole />;
}
