"use client";

import { LazyFailed } from "@/components/lazy-failed";

export default function ConsoleError({ retry }: { error: Error; retry: () => void }) {
  return <LazyFailed retry={retry} isInConsole />;
}
