"use client";

import { LazyFailed } from "@/components/lazy-failed";

export default function AnyError({ retry }: { error: Error; retry: () => void }) {
  return <LazyFailed retry={retry} />;
}
